"""Seeds load whole, or not at all; twice is as good as once."""

import shutil
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command

from catalogue.accounts.models import Organisation
from catalogue.common.text import canonical
from catalogue.lexicon.models import Abbreviation, Concept, OutsideExample, SynonymGroup
from catalogue.places.models import Province, ProvinceName, provinces_by_name
from catalogue.platforms.capabilities import Capability
from catalogue.platforms.choices import Assurance
from catalogue.platforms.content import Content
from catalogue.platforms.models import Category, CategoryPhrase, CategoryRelation, Change, Evidence, Platform
from catalogue.platforms.publishing import content_of
from catalogue.platforms.revisions import FieldRule
from catalogue.seeding.files import BadSeeds, read

SEEDS = settings.BASE_DIR / "seeds"
VENDORS = ("bkav", "1office", "azota")
pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A few real rows of every file, to spoil: three vendors, their platforms, and what those refer to."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    for path in SEEDS.glob("*.yaml"):
        shutil.copy(path, folder)
    edit(folder, "vendors.yaml", lambda c: c.update(vendors=[v for v in c["vendors"] if v["key"] in VENDORS]))
    edit(folder, "platforms.yaml", lambda c: c.update(platforms=[p for p in c["platforms"] if p["vendor"] in VENDORS]))
    for name, rows in (
        ("abbreviations.yaml", "abbreviations"),
        ("synonyms.yaml", "groups"),
        ("out_of_scope.yaml", "statements"),
    ):
        edit(folder, name, lambda c, rows=rows: c.update({rows: c[rows][:5]}))
    edit(folder, "leaf_needs.yaml", lambda c: c.update(leaves={"telehealth": c["leaves"]["telehealth"]}))
    return folder


@pytest.fixture(scope="module")
def rows() -> list[dict]:
    """The platforms of the small folder, by their place in it."""
    content = yaml.load((SEEDS / "platforms.yaml").read_text(), yaml.CSafeLoader)
    return [row for row in content["platforms"] if row["vendor"] in VENDORS]


def edit(folder: Path, name: str, change) -> None:
    content = yaml.load((folder / name).read_text(), yaml.CSafeLoader)
    change(content)
    (folder / name).write_text(yaml.dump(content, Dumper=yaml.CSafeDumper, allow_unicode=True))


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.yaml")), ids=lambda path: path.name)
def test_every_seed_file_is_valid(path):
    assert read(path)


class TestTheRealSeeds:
    def test_load_whole_and_a_second_time_change_nothing(self, capsys):
        call_command("load_seeds")
        first = Change.objects.count()
        out = capsys.readouterr().out
        call_command("load_seeds")

        assert Platform.objects.listed().count() == 263
        assert all(
            content_of(platform).name == platform.name for platform in Platform.objects.all()
        )  # a vendor can revise
        assert Capability.objects.filter(categories__isnull=False).distinct().count() == 106
        assert set(FieldRule.objects.values_list("field", flat=True)) == set(Content.model_fields)
        assert Organisation.objects.vendors().count() == 174
        assert (Category.objects.groups().count(), Category.objects.leaves_only().count()) == (14, 57)
        assert CategoryPhrase.objects.filter(kind="need").count() == 57 * 32
        assert Platform.objects.filter(assurance=Assurance.PUBLIC_RECORD).count() == 73
        assert Province.objects.count() == 34
        assert ProvinceName.objects.filter(kind="former").count() == 63
        assert Abbreviation.objects.count() > 200
        assert CategoryRelation.objects.count() > 57
        assert SynonymGroup.objects.count() > 150
        assert Concept.objects.count() > 250
        assert OutsideExample.objects.count() == 90
        assert "platforms.yaml: 263 added" in out
        assert Change.objects.count() == first
        assert "0 added, 0 updated, 263 unchanged" in capsys.readouterr().out


def test_a_bad_row_is_named_with_file_key_and_reason_and_nothing_of_its_file_is_loaded(folder, capsys):
    edit(folder, "vendors.yaml", lambda content: content["vendors"][1].update(kind="giant"))

    with pytest.raises(CommandError):
        call_command("load_seeds", str(folder))

    said = capsys.readouterr().err
    assert "vendors.yaml: azota.kind: 'giant' is not one of" in said
    assert not Organisation.objects.vendors().exists()
    assert Category.objects.exists(), "the other files are still loaded"


@pytest.mark.parametrize(
    ("name", "change", "reason"),
    [
        ("platforms.yaml", lambda c: c["platforms"][0].update(vendor="nobody"), "vendor 'nobody' is not known"),
        ("platforms.yaml", lambda c: c["platforms"][0].update(category="nowhere"), "'nowhere' is not a leaf"),
        ("platforms.yaml", lambda c: c["platforms"].append(dict(c["platforms"][0])), "holds the same row twice"),
        ("platforms.yaml", lambda c: c["platforms"][1].update(key=c["platforms"][0]["key"]), "stands twice"),
        ("vendors.yaml", lambda c: c["vendors"][0].update(province="Atlantis"), "province 'Atlantis' is not known"),
        ("vendors.yaml", lambda c: c["vendors"][0].update(parent="nobody"), "parent 'nobody' is not a vendor"),
        ("categories.yaml", lambda c: c["categories"][0].update(basis="no-law"), "no-law"),
        (
            "leaf_needs.yaml",
            lambda c: c["leaves"].update({"no-leaf": c["leaves"]["telehealth"]}),
            "'no-leaf' is not a leaf",
        ),
    ],
)
def test_a_row_that_refers_to_nothing_or_stands_twice_is_refused(folder, capsys, name, change, reason):
    edit(folder, name, change)

    with pytest.raises(CommandError):
        call_command("load_seeds", str(folder))

    assert reason in capsys.readouterr().err


def test_prices_the_wrong_way_round_are_refused_by_their_key(folder, capsys, rows):
    edit(folder, "platforms.yaml", lambda c: c["platforms"][1]["pricing"].update(vnd_min=9, vnd_max=3))

    with pytest.raises(CommandError):
        call_command("load_seeds", str(folder))

    assert not Platform.objects.exists()
    assert f"platforms.yaml: {rows[1]['key']}: " in capsys.readouterr().err


def test_a_changed_row_is_updated_and_announced_once(folder, rows):
    call_command("load_seeds", str(folder))
    last = Change.objects.latest("sequence").sequence
    edit(folder, "platforms.yaml", lambda c: c["platforms"][2].update(summary="Tóm tắt mới của sản phẩm này."))
    slug = rows[2]["key"]

    call_command("load_seeds", str(folder))

    assert Platform.objects.get(slug=slug).summary == "Tóm tắt mới của sản phẩm này."
    assert list(Change.objects.filter(sequence__gt=last).values_list("slug", "fields")) == [(slug, ["summary"])]


def test_evidence_that_stays_is_no_change(folder):
    call_command("load_seeds", str(folder))
    last = Change.objects.latest("sequence").sequence
    platform = Platform.objects.filter(evidence__isnull=False).first()
    kept = list(platform.evidence.order_by("pk").values_list("pk", flat=True))

    def extend(content):
        row = next(row for row in content["platforms"] if row["key"] == platform.slug)
        row["evidence"].append({**row["evidence"][0], "title": "Một bằng chứng nữa"})

    edit(folder, "platforms.yaml", extend)
    call_command("load_seeds", str(folder))

    assert list(platform.evidence.order_by("pk").values_list("pk", flat=True))[:-1] == kept
    assert Change.objects.get(sequence__gt=last).fields == ["evidence"]


def test_what_people_changed_on_the_site_is_not_undone(folder, rows):
    call_command("load_seeds", str(folder))
    Platform.objects.filter(slug=rows[0]["key"]).update(summary="Doanh nghiệp đã sửa.")

    call_command("load_seeds", str(folder))

    assert Platform.objects.get(slug=rows[0]["key"]).summary == "Doanh nghiệp đã sửa."


def test_evidence_that_is_taken_away_takes_the_level_with_it(folder):
    call_command("load_seeds", str(folder))
    slug = Platform.objects.filter(assurance=Assurance.PUBLIC_RECORD).first().slug

    def drop(content):
        next(row for row in content["platforms"] if row["key"] == slug)["evidence"] = []

    edit(folder, "platforms.yaml", drop)
    call_command("load_seeds", str(folder))

    assert Platform.objects.get(slug=slug).assurance == Assurance.LISTED
    assert not Evidence.objects.filter(platform__slug=slug).exists()


def test_a_file_that_is_not_yaml_or_says_a_key_twice_is_refused(tmp_path):
    (tmp_path / "synonyms.yaml").write_text("groups: [\n")
    (tmp_path / "abbreviations.yaml").write_text("abbreviations: []\nabbreviations: []\n")

    with pytest.raises(BadSeeds, match=r"synonyms.yaml: -: is not YAML"):
        read(tmp_path / "synonyms.yaml")
    with pytest.raises(BadSeeds, match="'abbreviations' stands twice"):
        read(tmp_path / "abbreviations.yaml")


def test_a_folder_that_is_not_there_or_empty_is_an_error(tmp_path):
    with pytest.raises(CommandError, match="is not a folder"):
        call_command("load_seeds", str(tmp_path / "nothing"))
    with pytest.raises(CommandError, match="no seed file"):
        call_command("load_seeds", str(tmp_path))


def test_a_province_is_found_by_its_old_names_and_other_spellings(folder):
    call_command("load_seeds", str(folder))
    by_name = provinces_by_name()

    found = {
        name: Province.objects.get(code=by_name[canonical(name)]).name
        for name in ("Yên Bái", "yên bái", "TP.HCM", "Thành phố Hồ Chí Minh", "Thanh Hoá", "Sài Gòn")
    }

    assert found == {
        "Yên Bái": "Lào Cai",
        "yên bái": "Lào Cai",
        "TP.HCM": "Hồ Chí Minh",
        "Thành phố Hồ Chí Minh": "Hồ Chí Minh",
        "Thanh Hoá": "Thanh Hóa",
        "Sài Gòn": "Hồ Chí Minh",
    }
