"""Make seeds/capabilities.yaml from seeds/platforms.yaml: functions that listings of two vendors or more name alike.

A function is named by a listing when every word of it stands in one capability of that listing. Only whole capabilities as
a listing wrote them, of two to six different words, become names.
"""

import re
import sys
from collections import defaultdict
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from catalogue.common.text import canonical, slug

ROOT = Path(__file__).resolve().parent.parent
FEWEST_VENDORS = 2
HEADER = """\
# Functions that listings of several vendors name alike, offered to whoever describes a product. Made from platforms.yaml
# by scripts/common_capabilities.py; `listings` names the platforms that say so, `categories` the leaves where they do.
"""


def main() -> None:
    platforms = yaml.safe_load((ROOT / "seeds" / "platforms.yaml").read_text(encoding="utf-8"))["platforms"]
    said = {p["key"]: [words(text) for text in p["capabilities"]] for p in platforms}
    by_leaf = defaultdict(list)
    for platform in platforms:
        for leaf in [platform["category"], *platform["also"]]:
            by_leaf[leaf].append(platform)
    found: dict[frozenset[str], dict] = {}
    for leaf, listed in sorted(by_leaf.items()):
        for text in sorted({text for platform in listed for text in platform["capabilities"]}):
            name = words(text)
            naming = [p for p in listed if any(name <= capability for capability in said[p["key"]])]
            if not 2 <= len(name) <= 6 or len({p["vendor"] for p in naming}) < FEWEST_VENDORS:
                continue
            row = found.setdefault(name, {"label": text[0].upper() + text[1:], "categories": set(), "listings": set()})
            row["categories"].add(leaf)
            row["listings"].update(p["key"] for p in naming)
    rows = [
        {
            "key": slug(row["label"]),
            "label": row["label"],
            "categories": sorted(row["categories"]),
            "listings": sorted(row["listings"]),
        }
        for row in found.values()
    ]
    rows.sort(key=lambda row: row["key"])
    text = yaml.safe_dump({"capabilities": rows}, allow_unicode=True, sort_keys=False, width=120)
    (ROOT / "seeds" / "capabilities.yaml").write_text(HEADER + text, encoding="utf-8")
    print(f"{len(rows)} functions in {len({leaf for row in rows for leaf in row['categories']})} categories")


def words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", canonical(text)))


if __name__ == "__main__":
    main()
