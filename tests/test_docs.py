"""What exists is documented, and what is documented exists."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command, get_commands

from config import env

ROOT = settings.BASE_DIR


def test_every_environment_variable_is_documented_and_every_documented_one_is_read():
    documented = set(re.findall(r"^### ([A-Z_]+)$", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE))

    assert documented == set(env.VARIABLES)


def test_every_command_of_ours_is_mentioned_in_the_documents():
    text = "".join(path.read_text() for path in [ROOT / "README.md", ROOT / "Makefile", *(ROOT / "docs").rglob("*.md")])
    ours = [name for name, app in get_commands().items() if app in ("catalogue", "recommender")]

    assert [name for name in ours if name not in text] == []


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
