"""The JSON shape of an answer. Stable: commands, the API and recorded runs all give it, and users rely on it."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from .engine.constraints import CONFIRMED, mentions
from .engine.index import ENGINE_VERSION, Index
from .engine.types import Bundle, Constraint, Document, Hit, Reason, Recommendation, Required, Unmet, Why


def to_json(query: str, found: Recommendation, index: Index, required: Required, took_ms: float) -> dict[str, Any]:
    labels = index.labels
    return {
        "query": query,
        "abstained": found.abstained,
        "confidence": round(found.confidence, 4),
        "needs": [{"category": key, "label": labels[key], "share": round(share, 4)} for key, share in found.needs],
        "constraints": [_constraint(constraint) for constraint in found.statement.constraints],
        "required": required_to_json(required),
        "results": [_hit(rank, hit, required) for rank, hit in enumerate(found.results, start=1)],
        "also_listed": [_hit(rank, hit, required) for rank, hit in enumerate(found.also_listed, start=1)],
        "met": round(found.met, 4),
        "doubtful": found.doubtful,
        "why_no_result": _why(found.why, labels) if found.why else None,
        "bundle": _bundle(found.bundle) if found.bundle else None,
        "engine": {
            "version": ENGINE_VERSION,
            "catalogue_sequence": index.stamp.sequence,
            "platforms": len(index),
            "signals": list(found.signals),
            "model": index.stamp.model,
            "vectors_missing": index.stamp.missing,
        },
        "took_ms": took_ms,
    }


def required_to_json(required: Required) -> dict[str, Any]:
    """Return the requirements that were confirmed; what is not required has no key."""
    values = ((one.name, getattr(required, one.name)) for one in fields(required))
    return {
        name: _plain(value)
        for name, value in values
        if value is not None and value is not False and value != frozenset()
    }


def required_from_json(kept: Mapping[str, Any]) -> Required:
    """Return what `required_to_json` wrote."""
    values: dict[str, Any] = {
        name: frozenset(value) if isinstance(value, list) else value for name, value in kept.items()
    }
    if since := values.get(CONFIRMED):
        values[CONFIRMED] = date.fromisoformat(since)
    return Required(**values)


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, date) else value


def _hit(rank: int, hit: Hit, required: Required) -> dict[str, Any]:
    # Rounded parts, and their sum as the score: what is shown adds up to the last digit.
    parts = {name: round(value, 4) for name, value in hit.parts.items()}
    document = hit.document
    return {
        "rank": rank,
        **_listing(document),
        "score": round(sum(parts.values()), 4),
        "parts": parts,
        "reasons": [_reason(reason) for reason in hit.reasons],
        "unmet": [_unmet(unmet) for unmet in hit.unmet],
        "mentions": [
            {"code": kind, "text": str(value).lower() if value is True else value}
            for kind, value in mentions(document, required)
        ],
        "available": document.available,
    }


def _listing(document: Document) -> dict[str, Any]:
    return {
        "platform": document.key,
        "platform_name": document.name,
        "vendor": document.vendor,
        "vendor_name": document.vendor_name,
        "summary": document.summary,
        "category": document.category,
        "assurance": document.assurance.key,
        "assured_on": document.assured_on.isoformat() if document.assured_on else None,
    }


def _why(why: Why, labels: Mapping[str, str]) -> dict[str, Any]:
    return {
        "code": why.code.value,
        "digital": round(why.digital, 4),
        "category": why.category or None,
        "label": labels.get(why.category),
        "nearest": {"platform": why.nearest.key, "platform_name": why.nearest.name} if why.nearest else None,
        "missing": list(why.missing),
    }


def _bundle(bundle: Bundle) -> dict[str, Any]:
    return {
        "members": [{**_listing(member.document), "score": round(member.score, 4)} for member in bundle.members],
        "covers": [
            {"need": cover.need, "platform": cover.platform, "basis": cover.basis, "reason": _reason(cover.reason)}
            for cover in bundle.covers
        ],
        "left": [{"need": left.need, "why": left.why} for left in bundle.left],
        "connections": [
            {
                "platforms": list(connection.platforms),
                "declared": [
                    {"kind": said.kind, "platform": said.platform, "value": said.value, "text": said.text}
                    for said in connection.declared
                ],
            }
            for connection in bundle.connections
        ],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "field": reason.field,
        "text": reason.text,
        "need": reason.need,
        "marks": [list(span) for span in reason.marks],
        "meant": reason.meant,
    }


def _unmet(unmet: Unmet) -> dict[str, Any]:
    return {"code": unmet.code, "text": unmet.text, "known": unmet.known}


def _constraint(constraint: Constraint) -> dict[str, Any]:
    return {
        "kind": constraint.kind,
        "value": constraint.value,
        "words": constraint.words,
        "start": constraint.start,
        "end": constraint.end,
    }
