"""The schemas of the Open Contracting Data Standard, where they lie: they are not ours to keep here."""

import json
import os
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from jsonschema import Draft4Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

FOLDER = Path(os.environ.get("OCDS_SCHEMAS") or settings.BASE_DIR.parent / "shared" / "data" / "ocds")

FORMATS = FormatChecker(formats=())


@FORMATS.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or ("T" in value and datetime.fromisoformat(value).tzinfo is not None)


@FORMATS.checks("uri", raises=ValueError)
def _is_address(value: object) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme and urlsplit(value).netloc)


def validator(name: str) -> Draft4Validator:
    """Return what judges by a schema: "record-package", "release-package" or "release"; skips the test without them."""
    if not (FOLDER / f"{name}-schema.json").is_file():
        pytest.skip("the OCDS 1.1.5 schemas are not here: put their folder into OCDS_SCHEMAS")
    schemas = [json.loads(path.read_text()) for path in sorted(FOLDER.glob("*-schema.json"))]
    known = Registry().with_resources([(one["id"], Resource(contents=one, specification=DRAFT4)) for one in schemas])
    schema = json.loads((FOLDER / f"{name}-schema.json").read_text())
    return Draft4Validator(schema, registry=known, format_checker=FORMATS)


def faults(name: str, content: dict) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in validator(name).iter_errors(content)]
