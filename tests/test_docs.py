"""What exists is documented, and what is documented exists."""

import ast
import inspect
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command, get_commands
from django.urls import get_resolver

from catalogue.common.errors import DomainError
from catalogue.notifications.kinds import KINDS
from catalogue.vetting.states import Action
from config import checks, env

ROOT = settings.BASE_DIR


def test_every_environment_variable_is_documented_and_every_documented_one_is_read():
    documented = set(re.findall(r"^### ([A-Z_]+)$", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE))

    assert documented == set(env.VARIABLES)


def test_the_table_of_settings_names_the_check_that_asks_for_each():
    page = (ROOT / "docs" / "settings.md").read_text()
    rows = re.findall(r"^\| \[`([A-Z_]+)`\]\(#[a-z_]+\) \|(.*)$", page, re.MULTILINE)
    asked = re.findall(r'"(config\.E\d+)": \(.*?(?:Set|Unset|Give) ([A-Z_]+)', inspect.getsource(checks), re.DOTALL)

    assert [name for name, _row in rows] == list(env.VARIABLES)
    assert sorted((code, name) for name, row in rows for code in re.findall(r"config\.E\d+", row)) == sorted(asked)


def test_every_package_stands_in_the_architecture():
    page = (ROOT / "docs" / "architecture.md").read_text()
    packages = {
        path.parent.relative_to(ROOT)
        for app in ("catalogue", "recommender") for path in (ROOT / app).rglob("__init__.py")
    }  # fmt: skip
    inside = ("migrations", "commands", "v1")  # what is in them is named by its page, or by nobody

    assert [
        str(path) for path in sorted(packages)
        if len(path.parts) > 1 and not set(path.parts) & set(inside)
        and str(path) not in page and not (path.parent.name == "web" and f"`{path.name}`" in page)
    ] == []  # fmt: skip


def test_every_address_of_the_api_and_every_code_of_a_refusal_is_documented():
    page = (ROOT / "docs" / "api.md").read_text()
    words = {word for line in page.splitlines() for word in re.findall(r"[a-z][a-z0-9_-]*", line)}
    named = {part for address in addresses() for part in re.findall(r"[a-z][a-z0-9_-]+", re.sub(r"<.*?>", "", address))}
    elsewhere = {  # refusals that no address of the API gives
        "refused", "cell_refused", "already_imported", "shortlist_full", "too_many_tokens", "bad_problems", "bad_seeds",
    }  # fmt: skip

    assert sorted(named - words) == []
    assert sorted(codes() - set(re.findall(r"`([a-z_]+)`", page)) - elsewhere) == []


def addresses() -> Iterator[str]:
    """Yield every address below /api/v1/, without the names of its arguments."""

    def below(patterns: list[Any], before: str) -> Iterator[str]:
        for one in patterns:
            here = before + re.sub(r"\(\?P<\w+>.*?\)|\^|\$", "", str(one.pattern))
            yield from below(one.url_patterns, here) if hasattr(one, "url_patterns") else [here]

    return (one for one in below(get_resolver().url_patterns, "") if one.startswith("api/v1/"))


def codes() -> set[str]:
    """Return the codes of all refusals."""
    found, waiting = set(), [DomainError]
    while waiting:
        waiting += (refusal := waiting.pop()).__subclasses__()
        found.add(refusal.code)
    return found


def test_every_command_of_ours_is_mentioned_in_the_documents():
    text = "".join(path.read_text() for path in [ROOT / "README.md", ROOT / "Makefile", *(ROOT / "docs").rglob("*.md")])
    ours = [name for name, app in get_commands().items() if app in ("catalogue", "recommender")]

    assert [name for name in ours if name not in text] == []


def rows_below(heading: str) -> list[list[str]]:
    """Return the cells of every row of the table below a heading of docs/notices.md."""
    part = (ROOT / "docs" / "notices.md").read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("| ")
    ]
    return rows[1:]


def actions_written() -> Iterator[str]:
    """Yield what every call of the audit log's `record` writes, read from the code."""
    made = {"submission": Action.values, "revision": []}  # where the name is put together, what it is put together of
    for path in [*(ROOT / "catalogue").rglob("*.py"), *(ROOT / "recommender").rglob("*.py")]:
        text = path.read_text()
        if "from catalogue.audit.record import record" not in text:
            continue
        calls = [
            one for one in ast.walk(ast.parse(text)) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)
        ]
        made["revision"] += [call.args[1].value for call in calls if call.func.id == "_write_down"]
        for name in [call.args[0] for call in calls if call.func.id == "record"]:
            if isinstance(name, ast.JoinedStr):
                thing = name.values[0].value.rstrip(".")
                yield from (f"{thing}.{what}" for what in made[thing])
            else:
                yield from (one.value for one in ast.walk(name) if isinstance(one, ast.Constant))


def test_every_action_of_the_audit_log_has_a_row_and_no_row_is_of_another():
    documented, thing = [], ""
    for first, *_ in rows_below("Audit log"):
        for name in re.findall(r"`([a-z_]*\.[a-z_]+)`", first):
            thing = name.split(".")[0] or thing
            documented.append(f"{thing}.{name.split('.')[1]}")

    assert sorted(documented) == sorted(set(actions_written()))


def test_every_kind_of_notice_has_a_row_that_says_what_it_allows():
    documented = {kind.strip("`"): (daily, off) for kind, _to, daily, off in rows_below("Notices")}

    assert documented == {
        kind.name: (
            "always" if kind.always_digest else "yes" if kind.may_digest else "", "yes" if kind.may_switch_off else "",
        )
        for kind in KINDS.values()
    }  # fmt: skip


@pytest.mark.parametrize(
    "path", ["README.md", *sorted(str(p.relative_to(ROOT)) for p in (ROOT / "docs").rglob("*.md"))]
)
def test_every_link_to_a_file_leads_somewhere(path):
    page = ROOT / path
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text())

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_nothing_in_the_project_names_a_machine_or_an_index():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    if not listed:
        pytest.skip("not a git checkout")
    tracked = [ROOT / name for name in listed if (ROOT / name).is_file()]
    forbidden = re.compile(r"/work/|/root/|--index-url|--extra-index|pypi\.org|files\.pythonhosted")
    here = Path(__file__).resolve()

    wrong = [
        str(path.relative_to(ROOT))
        for path in tracked
        if path.suffix in (".py", ".md", ".txt", ".yaml", ".yml", ".toml", ".html", ".css", "") and path != here
        and forbidden.search(path.read_text(encoding="utf-8", errors="ignore"))
    ]  # fmt: skip
    assert wrong == []


def test_the_compose_file_reads_only_variables_that_exist():
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    assert {"web", "worker", "beat"} <= set(services)
    for service in (services[name] for name in ("web", "worker", "beat")):
        names = {name.removesuffix("_FILE") for name in service.get("environment", {})}
        assert names <= {*env.VARIABLES, "OMP_NUM_THREADS"}


def test_every_text_is_translated():
    call_command("messages", "--check")


def test_no_migration_is_missing(db):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
