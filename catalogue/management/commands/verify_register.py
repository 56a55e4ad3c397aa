"""Prove the register: of this database, or of the files that anybody can download."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalogue.register import chain, keys
from catalogue.register.verifying import public_keys, rows_of, verify


class Command(BaseCommand):
    help = (
        "Verify that no entry of the register was edited, removed, moved or slipped in. Fails and names each that was."
    )
    requires_system_checks: list[str] = []  # an auditor's machine need not be set up as the site is

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", type=Path, metavar="NDJSON", help="entries as downloaded; no database is read")
        parser.add_argument("--checkpoints", type=Path, metavar="NDJSON", help="checkpoints that you have kept")
        parser.add_argument(
            "--key",
            type=Path,
            action="append",
            default=[],
            metavar="PEM",
            help="public keys to trust, instead of the site's",
        )
        parser.add_argument("--json", action="store_true", help="what was found as JSON")

    def handle(self, *args: Any, file: Path | None, checkpoints: Path | None, key: list[Path], **options: Any) -> None:
        if file and not key:
            raise CommandError("--file needs --key: the file itself cannot say which signatures to trust", returncode=2)
        trusted = [each for path in key for each in _keys(path)] or keys.trusted()
        rows, ours, head = (_rows(file), [], None) if file else chain.reading()
        entries, kept = _Counted(rows), _Counted(ours, _rows(checkpoints) if checkpoints else [])
        found = verify(entries, keys=trusted, checkpoints=kept, head=head)
        if options["json"]:
            self._write_json(entries, kept, found)
        elif found:
            for fault in found:
                self.stdout.write(str(fault))
        else:
            self.stdout.write(f"whole: {entries.n} entries, {kept.n} checkpoints, the last hash is {entries.last_hash}")
        if found:
            raise CommandError(f"{len(found)} faults in {entries.n} entries")

    def _write_json(self, entries: _Counted, kept: _Counted, found: list[chain.Fault]) -> None:
        told = {
            "whole": not found,
            "entries": entries.n,
            "checkpoints": kept.n,
            "last_hash": entries.last_hash,
            "faults": [fault.to_json() for fault in found],
        }
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))


class _Counted:
    """Rows, counted as they go by: a register need not fit into memory."""

    def __init__(self, *parts: Iterable[Any]) -> None:
        self._parts = parts
        self.n = 0
        self.last_hash = ""

    def __iter__(self) -> Iterator[Any]:
        for part in self._parts:
            for row in part:
                self.n += 1
                self.last_hash = str(row["hash"]) if isinstance(row, dict) and "hash" in row else ""
                yield row


def _rows(path: Path) -> Iterator[Any]:
    if not path.is_file():
        raise CommandError(f"{path} is not a file", returncode=2)
    with path.open("rb") as file:
        yield from rows_of(file)


def _keys(path: Path) -> list[Any]:
    try:
        return public_keys(path.read_bytes())
    except (OSError, ValueError) as error:
        raise CommandError(f"{path}: {error}", returncode=2) from error
