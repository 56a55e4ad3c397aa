"""Reading a seed file: YAML in, plain rows out, or every reason why not, each with file and key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, ValidationError

from catalogue.common.errors import DomainError

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a row cannot be loaded."""

    file: str
    key: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.reason}"


class BadSeeds(DomainError):
    """A seed file has rows that cannot be loaded, and so nothing of it was."""

    code = "bad_seeds"

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


class _Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """YAML that refuses a key said twice: the first would vanish without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key!r} stands twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def read(path: Path) -> Any:
    """Return a file's content, dates as ISO text, valid against the schema of its name.

    Raises BadSeeds with every problem found.
    """
    try:
        content = _dates_as_text(yaml.load(path.read_text(encoding="utf-8"), _Loader))  # noqa: S506 (a safe loader)
    except OSError as error:
        raise BadSeeds([Problem(path.name, "-", f"cannot be read: {error.strerror}")]) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadSeeds([Problem(path.name, "-", f"is not YAML: {' '.join(str(error).split())}")]) from error
    schema = path.parent / "schemas" / f"{path.stem}.schema.json"
    if not schema.is_file():  # a folder of one's own may leave them out: the project's are used
        schema = Path(__file__).resolve().parents[2] / "seeds" / "schemas" / schema.name
    problems = [
        Problem(path.name, _key_of(content, list(error.absolute_path)), _reason(error))
        for error in Draft202012Validator(json.loads(schema.read_text())).iter_errors(content)
    ]
    if problems:
        raise BadSeeds(problems)
    return content


def _reason(error: ValidationError) -> str:
    if error.validator == "uniqueItems":  # its own message would print the whole list
        return "holds the same row twice"
    return error.message[:300]


def unique(file: str, rows: list[Row], field: str = "key") -> Iterator[Problem]:
    """Yield a problem for each row whose key another row has had."""
    seen: set[Any] = set()
    for row in rows:
        if row[field] in seen:
            yield Problem(file, str(row[field]), "stands twice")
        seen.add(row[field])


def _key_of(content: Any, path: list[Any]) -> str:
    """Name the row that a path leads through by its key, where it has one."""
    for step in path:
        content = content[step]
        if isinstance(content, dict):
            for name in ("key", "code", "short", "id"):
                if name in content:
                    return f"{content[name]}{''.join(f'.{part}' for part in path[path.index(step) + 1 :])}"
    return ".".join(map(str, path)) or "-"


def _dates_as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _dates_as_text(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_dates_as_text(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value
