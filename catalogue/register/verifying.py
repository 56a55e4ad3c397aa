"""What the register's entries and checkpoints must fulfil, over plain dictionaries: no database and no Django.

Whoever has downloaded the files needs only this and the public keys. The format stands in docs/register.md.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

NOTHING = "0" * 64  # stands for the hash of the entry before the first
HASHED = ("number", "at", "kind", "platform", "vendor", "facts", "previous")
ENTRY = (*HASHED, "hash", "signature", "key_id")
CHECKED = ("day", "number", "hash", "made_at")
CHECKPOINT = (*CHECKED, "signature", "key_id")
_TYPES = {"number": int, "facts": dict}  # everything else is a text
_PEM = re.compile(rb"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----", re.DOTALL)

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was written. `number` is the entry's, the first one's of several; 0: of none."""

    code: str
    number: int
    text: str

    def __str__(self) -> str:
        return f"{self.code}: {self.text}"

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def canonical(value: Any) -> bytes:
    """Return JSON that is the same everywhere: sorted keys, no spaces, UTF-8 (for our values that of RFC 8785)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def hashed_part(entry: Row) -> bytes:
    """Return what an entry's hash is made of."""
    return canonical({name: entry[name] for name in HASHED})


def digest(entry: Row) -> str:
    return hashlib.sha256(hashed_part(entry)).hexdigest()


def signed_part(checkpoint: Row) -> bytes:
    """Return what a checkpoint's signature is made over."""
    return canonical({name: checkpoint[name] for name in CHECKED})


def fingerprint(key: Ed25519PublicKey) -> str:
    """Return the SHA-256 of the key as `openssl pkey -pubin -outform DER` writes it."""
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def public_keys(pem: bytes) -> list[Ed25519PublicKey]:
    """Return the keys of a PEM file, which may hold several. Raises ValueError when there is none, or one of another kind."""
    keys = [load_pem_public_key(found) for found in _PEM.findall(pem)]
    good = [key for key in keys if isinstance(key, Ed25519PublicKey)]
    if not keys or len(good) < len(keys):
        raise ValueError("not a PEM file of Ed25519 public keys")
    return good


def row(line: str | bytes) -> Any:
    """Return what a line of a file holds. Raises ValueError for a name that stands twice: two programs may read two things."""
    return json.loads(line, object_pairs_hook=_each_once)


def verify(
    entries: Iterable[Row],
    *,
    keys: Iterable[Ed25519PublicKey],
    checkpoints: Iterable[Row] = (),
    head: Row | None = None,
) -> list[Fault]:
    """Return everything that is wrong with the register, [] when it is whole.

    entries: in the order they stand in. keys: those that are trusted, of today and of before. checkpoints: of any day;
    only they, kept by somebody else, show that the end was cut off. head: what the site believes to be the end.
    """
    reading = _Reading(keys)
    for place, entry in enumerate(entries, 1):
        reading.take(entry, place)
    reading.link()
    reading.compare_head(head)
    reading.compare_checkpoints(checkpoints)
    return reading.faults


class _Reading:
    """One pass over the entries; keeps of each what the next one, the head and the checkpoints are compared with."""

    def __init__(self, keys: Iterable[Ed25519PublicKey]) -> None:
        self.faults: list[Fault] = []
        self._keys = {fingerprint(key): key for key in keys}
        # number: hash, previous, key_id
        self._known: dict[int, tuple[str, str, str]] = {0: (NOTHING, "", "")}
        self._unsigned: dict[int, tuple[str, str, str]] = {}  # as they read now, nobody vouches for them
        self._last = 0

    def take(self, entry: Row, place: int) -> None:
        """Look at one entry by itself, and at where it stands."""
        wrong = _shape(entry, ENTRY) or (entry["number"] < 1 and "its number is below 1")
        if wrong:
            return self._fault("malformed", _number(entry), f"row {place} is no entry: {wrong}")
        number, link = entry["number"], (entry["hash"], entry["previous"])
        signer = self._signer(entry)
        if number in self._known or number in self._unsigned:
            self._fault("inserted", number, f"there is a second entry {number}")
        if not signer:
            self._unsigned.setdefault(number, (*link, ""))
            return None
        if number < self._last:
            self._fault("reordered", number, f"entry {number} stands after entry {self._last}")
        self._known.setdefault(number, (*link, signer))
        self._last = max(self._last, number)
        return None

    def _signer(self, entry: Row) -> str:
        """Return the key that vouches for the entry as it is, "" when none does."""
        number = entry["number"]
        same = digest(entry) == entry["hash"]
        if not same:
            self._fault("edited", number, f"entry {number} was edited: its contents do not have the hash it states")
        signed = self._signed(entry, entry["hash"].encode(), "forged", number, f"entry {number}")
        return entry["key_id"] if same and signed else ""

    def link(self) -> None:
        """Look at how the entries follow each other."""
        for number in sorted(self._unsigned.keys() - self._known.keys()):
            if number <= self._last + 1:  # else it is the number that cannot be believed
                self._known[number] = self._unsigned[number]
                self._last = max(self._last, number)
        numbers = sorted(self._known)
        for before, number in pairwise(numbers):
            if number > before + 1:
                self._fault("removed", before + 1, f"{_named(before + 1, number - 1)} missing")
            elif self._known[number][1] != self._known[before][0]:
                follows = f"entry {before} as that now reads" if before else "nothing, as the first must"
                self._fault("broken_link", number, f"entry {number} does not follow {follows}")
        self._once_retired((number, self._known[number][2], f"entry {number}") for number in numbers)

    def compare_head(self, head: Row | None) -> None:
        if head is None:
            return
        if head["number"] > self._last:
            self._fault("cut", self._last + 1, f"{_named(self._last + 1, head['number'])} missing at the end")
        for number in sorted(number for number in self._known if number > head["number"]):
            self._fault("inserted", number, f"entry {number} stands behind the end, which is entry {head['number']}")
        if self._hash(head["number"]) not in (None, head["hash"]):
            self._fault(
                "edited", head["number"], f"the last entry, {head['number']}, is not the one that was written last"
            )

    def compare_checkpoints(self, checkpoints: Iterable[Row]) -> None:
        good = [each for place, each in enumerate(checkpoints, 1) if self._checkpoint(each, place)]
        good.sort(key=lambda each: each["day"])
        for each in good:
            number, named = each["number"], f"the checkpoint of {each['day']}"
            if number > self._last:
                self._fault(
                    "cut", self._last + 1, f"{_named(self._last + 1, number)} missing at the end: {named} has seen them"
                )
            elif self._hash(number) not in (None, each["hash"]):
                self._fault("checkpoint_differs", number, f"{named} has seen another entry {number}")
        self._once_retired((each["number"], each["key_id"], f"the checkpoint of {each['day']}") for each in good)

    def _checkpoint(self, checkpoint: Row, place: int) -> bool:
        """Say whether a checkpoint is one that a trusted key has signed."""
        if wrong := _shape(checkpoint, CHECKPOINT) or (checkpoint["number"] < 0 and "its number is below 0"):
            self._fault("malformed", _number(checkpoint), f"row {place} is no checkpoint: {wrong}")
            return False
        named = f"the checkpoint of {checkpoint['day']}"
        return self._signed(checkpoint, signed_part(checkpoint), "checkpoint_forged", checkpoint["number"], named)

    def _hash(self, number: int) -> str | None:
        """Return the hash that an entry states; None when it is missing, which has been said already."""
        return self._known[number][0] if number in self._known else None

    def _signed(self, signed: Row, message: bytes, code: str, number: int, named: str) -> bool:
        key = self._keys.get(signed["key_id"])
        if key is None:
            self._fault("unknown_key", number, f"{named} names a key that is not trusted: {signed['key_id']}")
            return False
        try:
            key.verify(base64.b64decode(signed["signature"], validate=True), message)
        except (InvalidSignature, ValueError):
            self._fault(code, number, f"{named} is not what the register's key has signed")
            return False
        return True

    def _once_retired(self, signers: Iterable[tuple[int, str, str]]) -> None:
        """A key that another one has followed signs no more: whoever has found an old one cannot add to the end."""
        used: list[str] = []
        for number, key_id, named in signers:
            if key_id and key_id not in used:
                used.append(key_id)
            elif key_id and key_id != used[-1]:
                self._fault("retired_key", number, f"{named} is signed with a key that another one had followed")

    def _fault(self, code: str, number: int, text: str) -> None:
        self.faults.append(Fault(code, number, text))


def _shape(given: Any, names: tuple[str, ...]) -> str:
    """Return what keeps this from being read, "" when nothing does."""
    if not isinstance(given, Mapping):
        return "not an object"
    if set(given) != set(names):
        return f"it has not exactly the fields {', '.join(names)}"
    wrong = [name for name in names if type(given[name]) is not _TYPES.get(name, str)]
    if wrong:
        return f"{', '.join(wrong)} cannot be that"
    try:
        canonical(dict(given))
    except ValueError as error:
        return str(error)
    return ""


def _number(given: Any) -> int:
    number = given.get("number") if isinstance(given, Mapping) else None
    return number if type(number) is int else 0


def _named(first: int, last: int) -> str:
    return f"entry {first} is" if first == last else f"entries {first} to {last} are"


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return made


def rows_of(lines: Iterable[bytes]) -> Iterator[Any]:
    """Yield what the lines of an NDJSON file hold; a line that cannot be read as its text, which verifies as malformed."""
    for line in lines:
        if line.strip():
            try:
                yield row(line)
            except (ValueError, RecursionError):
                yield line.decode(errors="replace")
