"""The index on disk: immutable snapshots, one of them current.

A snapshot is written to a folder of its own, then named in `CURRENT` by one rename: a process killed while it builds
leaves the old one serving. Every process of a machine memory-maps the same files. A snapshot is a cache of the
catalogue: one that is missing, damaged or of another engine version is simply built again.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields, replace
from datetime import date
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import Any
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from .index import ENGINE_VERSION, Index, Segment, Stamp, Standing, models
from .leaves import known_texts
from .lexical import Candidates, Rows
from .semantic import Find, Matrix, Packed, passages
from .types import Assurance, Document, Knowledge

CURRENT = "CURRENT"
KEEP_S = 60  # seconds an old snapshot stays, for processes that are just opening it
_ROWS = {"indptr": "indptr", "ids": "at", "counts": "codes", "pieces": "pieces", "lengths": "lengths", "terms": "terms", "df": "df",
         "values": "values"}  # fmt: skip
_OTHERS = ("vector_indptr", "key_hashes", "key_rows", "categories", "support")
_PACKED = ("vectors", "means")
_STANDING = ("levels", "vendors", "ties", "confirmed")


class StaleIndex(Exception):
    """The snapshot is of another engine version, or damaged: build a new one."""


def write(
    home: Path, documents: Sequence[Document], knowledge: Knowledge, find: Find, *, sequence: int, model: str
) -> Index:
    """Build a snapshot beside the others, make it the current one by a rename, and return it."""
    home.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="snapshot-", dir=home))
    folder.chmod(home.stat().st_mode & 0o777)  # a process of another user may read what it may find
    (folder / "tantivy").mkdir()
    index = Index.build(documents, knowledge, find, sequence=sequence, model=model, folder=folder / "tantivy")
    _save(index, folder)
    before = current_name(home)
    pointer = folder / CURRENT
    pointer.write_text(folder.name, encoding="ascii")
    os.replace(pointer, home / CURRENT)
    if before and (home / before).exists():
        os.utime(home / before)  # its age counts from now: somebody may be opening it
    _sweep(home, keep=folder.name)
    return replace(index, base=_base(folder), name=folder.name)  # so that the memory of the build is let go


def open_current(home: Path) -> Index:
    """Open the current snapshot. Raises FileNotFoundError when there is none, StaleIndex when it cannot be used."""
    name = current_name(home)
    if name is None:
        raise FileNotFoundError(f"{home} holds no snapshot")
    return _load(home / name)


def current_name(home: Path) -> str | None:
    """Return the name of the current snapshot, None when there is none. Costs one small read."""
    try:
        return (home / CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None


def _save(index: Index, folder: Path) -> None:
    base = index.base
    arrays: dict[str, NDArray[Any]] = {file: getattr(base.rows, name) for file, name in _ROWS.items()}
    arrays |= {name: getattr(base, name) for name in _OTHERS}
    arrays |= {name: getattr(base.standing, name) for name in _STANDING}
    for name in _PACKED:
        packed: Packed = getattr(base, name)
        arrays |= {name: packed.codes[:], f"{name}_scales": packed.scales}
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    if (known := _known_vectors(index)) is not None and index.centre is not None:
        np.save(folder / "known_vectors.npy", known)
        np.save(folder / "centre.npy", index.centre)
    ends = [0]
    with (folder / "documents.jsonl").open("wb") as file:
        for document in base.documents:
            line = json.dumps(_to_json(document), ensure_ascii=False).encode() + b"\n"
            file.write(line)
            ends.append(ends[-1] + len(line))
    np.save(folder / "documents.npy", np.array(ends, np.int64))
    (folder / "knowledge.json").write_text(json.dumps(asdict(index.knowledge), ensure_ascii=False), encoding="utf-8")
    # Last, so that a folder with a stamp is a whole one.
    (folder / "stamp.json").write_text(json.dumps(asdict(index.stamp)), encoding="utf-8")


def _known_vectors(index: Index) -> Matrix | None:
    leaves, outside = index.leaves, index.outside
    if leaves.need_vectors is None or leaves.term_vectors is None or outside.vectors is None:
        return None
    return np.concatenate([leaves.need_vectors, leaves.term_vectors, outside.vectors])


def _load(folder: Path) -> Index:
    try:
        stamp = json.loads((folder / "stamp.json").read_text(encoding="utf-8"))
        if stamp["engine"] != ENGINE_VERSION:
            raise StaleIndex(f"built by engine {stamp['engine']}, this is {ENGINE_VERSION}")
        base = _base(folder)
        knowledge = Knowledge.from_json(json.loads((folder / "knowledge.json").read_text(encoding="utf-8")))
        known = np.load(folder / "known_vectors.npy") if stamp["model"] else None
        centre = np.load(folder / "centre.npy") if stamp["model"] else None
        candidates = Candidates.open(folder / "tantivy")
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise StaleIndex(f"{folder.name} cannot be read: {error}") from error
    return Index(Stamp(**stamp), knowledge, *models(knowledge, known), centre, base, candidates, folder.name)


def _base(folder: Path) -> Segment:
    rows = Rows(**{name: _mapped(folder, file) for file, name in _ROWS.items()})
    others: dict[str, Any] = {name: _mapped(folder, name) for name in _OTHERS}
    means = Packed(_mapped(folder, "means"), _mapped(folder, "means_scales"))
    vectors = Packed(_OnDisk(folder / "vectors.npy"), _mapped(folder, "vectors_scales"))
    standing = Standing(*(_mapped(folder, name) for name in _STANDING))
    return Segment(rows=rows, documents=_Documents(folder), vectors=vectors, means=means, standing=standing, **others)


def _mapped(folder: Path, name: str) -> NDArray[Any]:
    """Map an array of a snapshot, without numpy's memmap class, whose every slice costs as much as a small search."""
    return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r"))


class _OnDisk:
    """The rows of a wide array, read when asked for: mapped, they would fill more memory than all the rest together.

    The file stays open, so it outlives its folder's deletion.
    """

    def __init__(self, file: Path) -> None:
        mapped: np.memmap[Any, np.dtype[np.int8]] = np.load(file, mmap_mode="r")  # reads and checks its head alone
        self.shape, self._offset = mapped.shape, mapped.offset
        self._file = os.open(file, os.O_RDONLY)
        finalize(self, os.close, self._file)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: slice | NDArray[np.int64]) -> NDArray[np.int8]:
        at = np.arange(len(self))[rows] if isinstance(rows, slice) else rows
        out = np.empty((len(at), self.shape[1]), np.int8)
        ends = np.flatnonzero(np.diff(at, append=-1) != 1) + 1  # neighbours are read at once
        content, width, first = out.reshape(-1).view(np.uint8).data, self.shape[1], 0
        for end in ends.tolist():
            wanted = content[first * width : end * width]
            if os.preadv(self._file, [wanted], self._offset + int(at[first]) * width) < len(wanted):
                raise OSError("the vectors of a snapshot end too early")
            first = end
        return out


class _Documents(Sequence[Document]):
    """The listings of a snapshot, read when asked for. The file stays open, so it outlives its folder's deletion."""

    def __init__(self, folder: Path) -> None:
        self._ends = _mapped(folder, "documents")
        self._file = os.open(folder / "documents.jsonl", os.O_RDONLY)
        finalize(self, os.close, self._file)
        if os.fstat(self._file).st_size != self._ends[-1]:
            raise ValueError("documents.jsonl is not as long as it was written")
        self._read = lru_cache(maxsize=512)(self._parse)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, row: Any) -> Any:
        if not 0 <= row < len(self):
            raise IndexError(row)
        return self._read(int(row))

    def _parse(self, row: int) -> Document:
        start, end = int(self._ends[row]), int(self._ends[row + 1])
        return _from_json(_decode(os.pread(self._file, end - start, start).decode())[0])


_decode = json.JSONDecoder().raw_decode  # json.loads spends as long on what the text may be as on reading it
_FIELDS = tuple(field.name for field in fields(Document))
_of_document = attrgetter(*_FIELDS)
_LISTS = [place for place, name in enumerate(_FIELDS) if isinstance(getattr(Document("", "", "", "", ""), name), tuple)]
_ASSURANCE, _ASSURED_ON = _FIELDS.index("assurance"), _FIELDS.index("assured_on")


def _to_json(document: Document) -> list[Any]:
    """Return the fields in their order: without names a listing is read in half the time."""
    row = list(_of_document(document))
    row[_ASSURANCE] = document.assurance.key
    row[_ASSURED_ON] = document.assured_on.isoformat() if document.assured_on else None
    return row


def _from_json(row: list[Any]) -> Document:
    for place in _LISTS:
        row[place] = tuple(row[place])
    row[_ASSURANCE] = Assurance.parse(row[_ASSURANCE])
    row[_ASSURED_ON] = date.fromisoformat(row[_ASSURED_ON]) if row[_ASSURED_ON] else None
    return Document(*row)


def _sweep(home: Path, keep: str) -> None:
    """Remove snapshots nobody points at. A process that has one open keeps its files until it lets go."""
    for folder in home.glob("snapshot-*"):
        if folder.name != keep and _age_s(folder) > KEEP_S:
            shutil.rmtree(folder, ignore_errors=True)


def _age_s(folder: Path) -> float:
    try:
        return time.time() - folder.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def all_texts(documents: Iterable[Document], knowledge: Knowledge) -> list[str]:
    """Return every text that should have a vector, each once: the knowledge's first, since nothing works without them."""
    texts = [*known_texts(knowledge), *(text for document in documents for text in passages(document))]
    return list(dict.fromkeys(texts))
