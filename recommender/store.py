"""The index of this process: opened once, kept in step with the catalogue, rebuilt when it cannot be used.

Before it answers, a process compares one number with the database: the catalogue's change sequence. It reads what
changed into its own copy, so every process on every machine shows a change from its next answer on. The snapshot on
disk is shared by the processes of a machine; it is only a cache, and is made again whenever it is missing or stale.
What an index took in is kept as history before anything is answered from it, so that a run can be replayed.
"""

from __future__ import annotations

import fcntl
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import transaction

from catalogue.platforms import changes

from . import corpus, history, vectors
from .engine import snapshot
from .engine.index import Index
from .engine.leaves import known_texts
from .engine.semantic import Embedder, EmbedderDown, text_key
from .engine.types import Document, Knowledge

logger = logging.getLogger(__name__)
MOST_CHANGED = 0.02  # of the catalogue; with more in memory a new snapshot is due
FEWEST_CHANGED = 64
TRIES = 5  # to read a catalogue that others change meanwhile
FEW_TEXTS = 64  # whose vectors are made while an answer waits: a few seconds at most


class Store:
    """One process's view of the index in a folder. Threads share it; each answer uses one immutable `Index`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index: Index | None = None
        self._lock = threading.Lock()

    def current(self) -> Index:
        """Return the index as the catalogue stands now."""
        index = self._index
        sequence = changes.current_sequence()
        if index is not None and index.stamp.sequence == sequence and snapshot.current_name(self.folder) == index.name:
            return index
        with self._lock:
            self._index = self._follow(self._reopen(), sequence)
            return self._index

    def rebuild(self) -> Index:
        """Write a new snapshot of the whole catalogue and use it. One process of a machine does so at a time."""
        with self._building():
            index = _write(self.folder)
        with self._lock:
            self._index = index
        return index

    def _reopen(self) -> Index:
        """Return the index in memory, or the one on disk when that is another; build one when there is none to use."""
        name = snapshot.current_name(self.folder)
        if self._index is not None and name == self._index.name:
            return self._index
        try:
            return _open(self.folder)
        except (FileNotFoundError, snapshot.StaleIndex) as reason:
            with self._building():
                try:  # another process may have built it while this one waited
                    return _open(self.folder)
                except (FileNotFoundError, snapshot.StaleIndex):
                    logger.info("index is rebuilt", extra={"reason": str(reason)})
                    return _write(self.folder)

    def _follow(self, index: Index, sequence: int) -> Index:
        if index.stamp.sequence == sequence:
            return index
        if index.stamp.sequence > sequence:  # the index is of another, later database
            return self._build_again()
        last, slugs = changes.since(index.stamp.sequence)
        due = index.changed + len(slugs) > max(FEWEST_CHANGED, MOST_CHANGED * len(index))
        if changes.EVERYTHING in slugs or last < sequence or due:
            return self._build_again()
        documents = corpus.documents_of(slugs)
        if changes.current_sequence() != last:  # it changed while it was read: what was read may be later than `last`
            return self._follow(index, changes.current_sequence())
        followed = index.with_changes(documents, last, vectors.find)
        history.keep_changes(followed, documents)
        return followed

    def _build_again(self) -> Index:
        with self._building():
            try:
                index = _open(self.folder)
                if index.stamp.sequence == changes.current_sequence():
                    return index
            except (FileNotFoundError, snapshot.StaleIndex):
                pass
            return _write(self.folder)

    @contextmanager
    def _building(self) -> Iterator[None]:
        """Hold the machine's lock on building; the system lets it go when its process dies."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "LOCK").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _open(folder: Path) -> Index:
    """Open the snapshot on disk. Its maker may have died before it kept what is in it."""
    index = snapshot.open_current(folder)
    if index.stamp.sequence <= changes.current_sequence():  # not the snapshot of another, later database
        history.keep_whole(index)
    return index


def _write(folder: Path) -> Index:
    sequence, documents, knowledge = _catalogue()
    embedder = vectors.embedder()
    if embedder is not None:
        _complete(knowledge, embedder)
    index = snapshot.write(
        folder, documents, knowledge, vectors.find, sequence=sequence, model=embedder.name if embedder else ""
    )
    history.keep_whole(index)
    return index


def _catalogue() -> tuple[int, list[Document], Knowledge]:
    """Return number, listings and knowledge that belong together, read again when the catalogue changed meanwhile."""
    for _ in range(TRIES):
        with transaction.atomic():
            sequence = changes.current_sequence()
            documents, knowledge = list(corpus.documents()), corpus.knowledge()
            if changes.current_sequence() == sequence:  # PostgreSQL shows a transaction what others commit
                break
    return sequence, documents, knowledge


def _complete(knowledge: Knowledge, embedder: Embedder) -> None:
    """Make the few vectors that a changed category or example lacks: without them no meaning is compared at all."""
    texts = known_texts(knowledge)
    keys = {text_key(text, embedder.name) for text in texts}
    if len(keys - vectors.find(keys).keys()) <= FEW_TEXTS:
        with suppress(EmbedderDown):
            vectors.fill(texts, embedder)


def fill_vectors(
    slugs: Sequence[str] = (changes.EVERYTHING,), progress: Callable[[int, int], None] = lambda done, total: None
) -> int:
    """Make the vectors that these platforms still lack; return how many were made. 0 without an embedder."""
    embedder = vectors.embedder()
    if embedder is None:
        return 0
    if changes.EVERYTHING in slugs:
        listed, known = corpus.documents(), corpus.knowledge()
    else:
        listed, known = (found for found in corpus.documents_of(slugs).values() if found), Knowledge()
    return vectors.fill(snapshot.all_texts(listed, known), embedder, progress)


_stores: dict[Path, Store] = {}
_stores_lock = threading.Lock()


def store() -> Store:
    """Return this process's store of the configured folder."""
    folder = Path(settings.INDEX_DIR)
    with _stores_lock:
        return _stores.setdefault(folder, Store(folder))
