"""How the API describes what is checked by pydantic: exactly as it is checked, in the words of OpenAPI 3.0."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction
from pydantic import BaseModel
from rest_framework import serializers

from catalogue.platforms import choices, content
from catalogue.problems import states

Schema = dict[str, Any]


@dataclass
class Shape:
    """Some fields of a model under a name of their own, and what stands beside them.

    required: what must be sent. Everything is answered. more: schemas by field; `writeOnly` ones are not answered.
    """

    name: str
    model: type[BaseModel]
    fields: tuple[str, ...]
    required: tuple[str, ...] = ()
    more: dict[str, Schema] = field(default_factory=dict)


def whole(model: type[BaseModel]) -> Shape:
    """Return the shape of a model as it is."""
    required = tuple(name for name, one in model.model_fields.items() if one.is_required())
    return Shape(model.__name__, model, tuple(model.model_fields), required)


class ShapeExtension(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]  # registers itself
    target_class = Shape

    def get_name(self, auto_schema: AutoSchema, direction: Direction) -> str:
        return self.target.name

    def get_identity(self, auto_schema: AutoSchema, direction: Direction) -> str:
        return self.target.name

    def map_serializer(self, auto_schema: AutoSchema, direction: Direction) -> Schema:
        shape, answered = cast(Shape, self.target), direction == "response"
        described = shape.model.model_json_schema(mode="serialization" if answered else "validation")
        reader = _Reader(auto_schema, direction, described.get("$defs", {}))
        own = {name: reader.read(described["properties"][name]) for name in shape.fields}
        more = {name: one for name, one in shape.more.items() if not (answered and one.get("writeOnly"))}
        properties = {**more, **own}
        required = list(properties) if answered else list(shape.required)
        return {
            "type": "object",
            "properties": properties,
            **({"required": required} if required else {}),
            "additionalProperties": False,
        }


@dataclass
class _Reader:
    """Turns JSON Schema, as pydantic writes it, into OpenAPI 3.0, which has no type null and its own names for enums."""

    auto_schema: AutoSchema
    direction: Direction
    defs: dict[str, Schema]

    def read(self, schema: Schema) -> Schema:
        # No default: everything is answered, and what is left out of a step stays as it is.
        schema = {key: value for key, value in schema.items() if key not in ("title", "default")}
        if "$ref" in schema:
            return {**self._named(schema.pop("$ref").rsplit("/", 1)[-1]), **schema}
        if "items" in schema:
            schema["items"] = self.read(schema["items"])
        if "anyOf" in schema:
            return self._any_of(schema.pop("anyOf"), schema)
        return schema

    def _any_of(self, options: Iterable[Schema], besides: Schema) -> Schema:
        options = list(options)
        kept = [self.read(one) for one in options if one.get("type") != "null"]
        nullable = {"nullable": True} if len(kept) < len(options) else {}
        return {**(kept[0] if len(kept) == 1 else {"anyOf": kept}), **nullable, **besides}

    def _named(self, name: str) -> Schema:
        named = getattr(choices, name, None) or getattr(states, name, None)
        if named is not None:
            options = serializers.ChoiceField(choices=named.choices)
            return self.auto_schema._map_serializer_field(options, self.direction)  # type: ignore[no-untyped-call]
        part = whole(getattr(content, name))
        return self.auto_schema.resolve_serializer(cast(Any, part), self.direction).ref
