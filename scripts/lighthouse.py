"""Measure pages of a running site with Lighthouse and write the table of docs/quality.md: `make lighthouse`.

Fails when a score is below its floor. The statement of an agency is kept out of search engines on purpose, so its page
is not asked whether it can be indexed.
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from datetime import date
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TOOL = ROOT / "var" / "npm" / "node_modules" / ".bin" / "lighthouse"
PAGE = ROOT / "docs" / "quality.md"
FLOORS = {"performance": 95, "accessibility": 100, "best-practices": 95, "seo": 95}
RUNS = 3  # the median counts: a shared machine is slow at times
STATEMENT = (
    "Tỉnh miền núi cần khám chữa bệnh từ xa cho các trạm y tế xã, bác sĩ tuyến tỉnh hội chẩn được với tuyến dưới."
)
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"


def main(site: str) -> int:
    pages = {"home": "/", "list": "/nen-tang/", "platform": "/nen-tang/viettel-telehealth/", "result": answered(site)}
    rows, low = [], []
    for name, path in pages.items():
        if not is_there(site + path):
            print(f"{name}: {path} is not there, left out")
            continue
        measured = measure(site + path, name)
        print(name, measured)
        rows.append((name, measured))
        low += [
            f"{name}: {which} {measured[which]} < {floor}" for which, floor in FLOORS.items() if measured[which] < floor
        ]
    write(rows)
    print("\n".join(low) or f"written to {PAGE.relative_to(ROOT)}")
    return 1 if low else 0


def answered(site: str) -> str:
    """State a problem as a visitor does, and return the path of the answer."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    home = opener.open(f"{site}/").read().decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', home)
    if not found:
        sys.exit(f"no form on {site}/")
    data = urllib.parse.urlencode({"csrfmiddlewaretoken": found[1], "statement": STATEMENT}).encode()
    return urllib.parse.urlsplit(opener.open(f"{site}/goi-y/", data).url).path


def is_there(address: str) -> bool:
    try:
        urllib.request.urlopen(address).close()
    except urllib.error.HTTPError:
        return False
    return True


def measure(address: str, name: str) -> dict[str, float]:
    """Return the median scores of a page, and its largest paint (ms), blocking (ms), shift and weight (KiB)."""
    command = [
        str(TOOL), address, "--quiet", "--output=json", "--output-path=stdout", f"--chrome-flags={FLAGS}",
        f"--only-categories={','.join(FLOORS)}",
    ]  # fmt: skip
    if name == "result":
        command.append("--skip-audits=is-crawlable")
    chrome = shutil.which("chromium") or shutil.which("google-chrome") or ""
    found: list[dict[str, float]] = []
    for _ in range(RUNS):
        report = _run(command, {**os.environ, "CHROME_PATH": chrome})
        audits = report["audits"]
        for audit in sorted(audits):
            if audits[audit]["score"] not in (None, 1) and audits[audit].get("scoreDisplayMode") == "binary":
                print(f"  {name}: {audit}: {audits[audit]['title']}")
        found.append({which: round(100 * report["categories"][which]["score"]) for which in FLOORS})
        found[-1] |= {
            "lcp": round(audits["largest-contentful-paint"]["numericValue"]),
            "tbt": round(audits["total-blocking-time"]["numericValue"]),
            "cls": round(audits["cumulative-layout-shift"]["numericValue"], 3),
            "kib": round(audits["total-byte-weight"]["numericValue"] / 1024),
        }
    return {key: statistics.median(run[key] for run in found) for key in found[0]}


def _run(command: list[str], environment: dict[str, str]) -> dict[str, Any]:
    """Return a report. The browser dies at times on a busy machine: then once more."""
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if ran.returncode:
        ran = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if ran.returncode:
        sys.exit(f"Lighthouse failed: {ran.stderr.strip()[-500:]}")
    report: dict[str, Any] = json.loads(ran.stdout)
    return report


def write(rows: list[tuple[str, dict[str, float]]]) -> None:
    """Replace the table between the marks of docs/quality.md."""
    version = json.loads((TOOL.parent.parent / "lighthouse" / "package.json").read_text())["version"]
    table = [
        f"Measured on {date.today().isoformat()} with Lighthouse {version} on Debian's Chromium, median of {RUNS}, its own",  # noqa: DTZ011
        "simulated phone (slow 4G, a processor four times slower), against `make run` with the whole seed catalogue:",
        "",
        "| page | performance | accessibility | best practices | SEO | largest paint (ms) | blocked (ms) | shift | weight (KiB) |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, one in rows:
        cells = (*(one[which] for which in FLOORS), one["lcp"], one["tbt"], one["cls"], one["kib"])
        table.append(f"| {name} | {' | '.join(f'{cell:g}' for cell in cells)} |")
    table.append(f"| floor | {' | '.join(str(floor) for floor in FLOORS.values())} | | | | |")
    text = PAGE.read_text(encoding="utf-8")
    begin, end = "<!-- lighthouse -->", "<!-- /lighthouse -->"
    head, tail = text.split(begin)[0], text.split(end)[1]
    PAGE.write_text("\n".join([f"{head}{begin}", *table, f"{end}{tail}"]), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8000"))
