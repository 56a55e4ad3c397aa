"""What a process holds in memory, as Linux counts it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MB = 1_000_000
_SMAPS = Path("/proc/self/smaps")


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes. mapped: a folder's files in the process's address space, one copy for all processes of a machine.

    resident: as much of them as is in memory now. private: what no other process has.
    """

    mapped: int
    resident: int
    private: int


def memory(folder: Path) -> Memory | None:
    """Return what this process holds; None where the system does not tell."""
    try:
        lines = _SMAPS.read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    mapped = resident = private = 0
    of_folder = False
    for line in lines:
        name, _, rest = line.partition(" ")
        if not name.endswith(":"):  # "7f…-7f… r--p 00000000 08:01 123 /path": a new mapping
            of_folder = str(folder) in rest
        elif name == "Size:" and of_folder:
            mapped += int(rest.split()[0]) * 1024
        elif name == "Rss:" and of_folder:
            resident += int(rest.split()[0]) * 1024
        elif name == "Anonymous:":
            private += int(rest.split()[0]) * 1024
    return Memory(mapped, resident, private)
