"""The catalogue as it was: kept when an index takes it in, so that a run can be answered again.

Written before the first answer from an index, by every process and always the same: who comes second finds it done.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from hashlib import blake2b
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from .engine import snapshot
from .engine.index import Index
from .engine.semantic import Find, Vectors, passages, text_key
from .engine.types import Assurance, Document, Knowledge
from .models import Intake, KnowledgeVersion, ListingVersion

_AT_ONCE = 500  # rows in one statement; SQLite takes no more than some thousand parameters


class Unkept(Exception):
    """The catalogue of that moment is not kept, or in a form that this version of the engine cannot read."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The catalogue at one change. with_vectors: the listings of which every passage had its vector."""

    sequence: int
    model: str
    documents: tuple[Document, ...]
    with_vectors: frozenset[str]
    knowledge: Knowledge

    def index(self, find: Find) -> Index:
        """Return the index of that moment, in memory. Vectors that came later are left out."""
        had = [document for document in self.documents if document.key in self.with_vectors]
        lacked = [document for document in self.documents if document.key not in self.with_vectors]
        texts = {text for document in lacked for text in passages(document)}
        later = {text_key(text, self.model) for text in texts.difference(snapshot.all_texts(had, self.knowledge))}

        def then(keys: Iterable[str]) -> Vectors:
            return find([key for key in keys if key not in later])

        return Index.build(self.documents, self.knowledge, then, sequence=self.sequence, model=self.model)


def keep_whole(index: Index) -> None:
    """Keep every listing and the knowledge of an index, unless that was done."""
    model, sequence = index.stamp.model, index.stamp.sequence
    knowledge = asdict(index.knowledge)
    digest = _digest(knowledge)
    if Intake.objects.filter(model=model, sequence=sequence, knowledge=digest).exists():
        return
    listed = _latest(model, sequence).exclude(document=None).values_list("slug", flat=True)
    documents: dict[str, Document | None] = dict.fromkeys(listed)
    documents.update({document.key: document for document in index.documents()})
    keep_changes(index, documents)
    KnowledgeVersion.objects.bulk_create([KnowledgeVersion(digest=digest, content=knowledge)], ignore_conflicts=True)
    # Last: where there is an intake, the rest is kept too.
    intake = Intake(model=model, sequence=sequence, knowledge_id=digest)
    Intake.objects.bulk_create([intake], ignore_conflicts=True)


def keep_changes(index: Index, documents: Mapping[str, Document | None]) -> None:
    """Keep these listings (None: gone) as the index took them in, where the latest version says something else."""
    model, sequence = index.stamp.model, index.stamp.sequence
    known = _known(model, sequence, list(documents))
    rows = []
    for slug, document in documents.items():
        content = None if document is None else _to_json(document)
        state = ("", False) if content is None else (_digest(content), _has_vectors(index, slug))
        if state != known.get(slug, ("", False)):
            rows.append(
                ListingVersion(
                    slug=slug, model=model, first_sequence=sequence, digest=state[0], vectors=state[1], document=content
                )
            )
    ListingVersion.objects.bulk_create(rows, batch_size=_AT_ONCE, ignore_conflicts=True)


def at(sequence: int, model: str) -> Kept:
    """Return the catalogue as an index of that model held it at that change. Raises Unkept when nobody can know."""
    intake = Intake.objects.filter(model=model, sequence__lte=sequence).order_by("-sequence", "-pk").first()
    if intake is None:
        raise Unkept
    documents, with_vectors = [], set()
    try:
        for row in _latest(model, sequence).order_by("slug").iterator(chunk_size=_AT_ONCE):
            if row.document is None:  # gone by then
                continue
            documents.append(_from_json(row.document))
            if row.vectors:
                with_vectors.add(row.slug)
        knowledge = Knowledge.from_json(intake.knowledge.content)
    except (KeyError, TypeError, ValueError) as error:
        raise Unkept from error
    return Kept(sequence, model, tuple(documents), frozenset(with_vectors), knowledge)


def versions(slugs: Iterable[str], sequence: int, model: str) -> dict[str, ListingVersion]:
    """Return the version of each listing that an index of that model held at that change; those that were kept."""
    return {row.slug: row for row in _latest(model, sequence).filter(slug__in=list(slugs)).exclude(document=None)}


def document_of(version: ListingVersion) -> Document | None:
    """Return what a version says; None in a form that this version of the engine cannot read."""
    try:
        return _from_json(version.document) if version.document else None
    except (KeyError, TypeError, ValueError):
        return None


def _known(model: str, sequence: int, slugs: list[str]) -> dict[str, tuple[str, bool]]:
    """Return digest and vectors of each listing's latest version."""
    return {
        slug: (digest, vectors)
        for start in range(0, len(slugs), _AT_ONCE)
        for slug, digest, vectors in _latest(model, sequence)
        .filter(slug__in=slugs[start : start + _AT_ONCE])
        .values_list("slug", "digest", "vectors")
    }


def _latest(model: str, sequence: int) -> QuerySet[ListingVersion]:
    """Return of each listing the version that held at that change."""
    versions = ListingVersion.objects.filter(model=model, first_sequence__lte=sequence)
    of_the_same = versions.filter(slug=OuterRef("slug")).order_by("-first_sequence", "-pk")
    return versions.filter(pk=Subquery(of_the_same.values("pk")[:1]))


def _has_vectors(index: Index, slug: str) -> bool:
    """Say whether this listing of the index has its vectors."""
    for segment in (index.delta, index.base):  # the delta's row hides that of the base
        if segment is not None and slug in segment.place:
            row = segment.place[slug]
            return bool(segment.vector_indptr[row + 1] > segment.vector_indptr[row])
    return False


# Fields by their names, so that an engine with other fields still reads what it knows.


def _to_json(document: Document) -> dict[str, Any]:
    return {
        **{field.name: getattr(document, field.name) for field in fields(document)},
        "assurance": document.assurance.key,
        "assured_on": document.assured_on.isoformat() if document.assured_on else None,
    }


def _from_json(row: Mapping[str, Any]) -> Document:
    values = {field.name: row[field.name] for field in fields(Document) if field.name in row}
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    values["assurance"] = Assurance.parse(row["assurance"])
    values["assured_on"] = date.fromisoformat(row["assured_on"]) if row["assured_on"] else None
    return Document(**values)


def _digest(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return blake2b(text.encode(), digest_size=16).hexdigest()
