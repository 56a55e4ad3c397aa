"""Answers in other forms than JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml
from rest_framework.renderers import JSONRenderer


class YAMLRenderer(JSONRenderer):
    """The JSON answer as YAML (`Accept: application/yaml` or `?format=yaml`). Errors stay the problem details they are."""

    media_type = "application/yaml"
    format = "yaml"

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> Any:
        said = super().render(data, accepted_media_type, renderer_context)
        response = (renderer_context or {}).get("response")
        if not said or (response is not None and response.exception):
            return said
        return yaml.safe_dump(json.loads(said), allow_unicode=True, sort_keys=False, width=120).encode()


class AnyType(JSONRenderer):
    """Lets a caller ask for the type of a file; errors are problem details all the same."""

    media_type = "*/*"
    format = "file"
