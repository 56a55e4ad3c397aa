"""Criteria: which hold on a day, that a version never changes, and what the seeds say."""

import datetime
import shutil

import pytest
import yaml
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db.models import ProtectedError
from django.utils import translation

from catalogue.common.append_only import AppendOnlyError
from catalogue.platforms.choices import ClaimLevel
from catalogue.platforms.models import Category
from catalogue.vetting.criteria import CriteriaSet, Criterion, criteria_for
from tests.support.factories import CriteriaSetFactory, CriterionFactory, GroupFactory, LeafFactory

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 25)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


class TestWhatHoldsOnADay:
    @pytest.mark.parametrize(
        ("on", "version"),
        [
            ("2025-12-31", None),  # none has begun
            ("2026-01-01", 1),
            ("2026-06-30", 1),
            ("2026-07-01", 2),
            ("2026-12-31", 2),
            ("2027-01-01", None),  # the newest is over, and the older does not come back
        ],
    )
    def test_the_newest_version_that_has_begun_unless_it_is_over(self, on, version):
        CriteriaSetFactory(valid_from=day("2026-01-01"))
        CriteriaSetFactory(version=2, valid_from=day("2026-07-01"), valid_to=day("2026-12-31"))

        found = CriteriaSet.objects.current(day(on)).values_list("version", flat=True)

        assert list(found) == ([version] if version else [])

    def test_the_general_set_comes_first_then_that_of_the_leafs_group_each_in_its_order(self):
        leaf = LeafFactory(parent=GroupFactory(key="health", position=1))
        elsewhere = CriteriaSetFactory(group=GroupFactory(key="payments", position=0))
        CriterionFactory(criteria_set=elsewhere, key="licence")
        health = CriteriaSetFactory(group=leaf.parent)
        CriterionFactory(criteria_set=health, key="second", position=2)
        CriterionFactory(criteria_set=health, key="first", position=1)
        CriterionFactory(criteria_set=CriteriaSetFactory(), key="identity", position=9)

        assert [one.key for one in criteria_for(leaf, DAY)] == ["identity", "first", "second"]

    def test_a_group_without_a_set_of_its_own_asks_the_general_one(self):
        CriterionFactory(key="identity")

        assert [one.key for one in criteria_for(LeafFactory(), DAY)] == ["identity"]

    def test_it_costs_one_query(self, django_assert_num_queries):
        leaf = LeafFactory()
        CriterionFactory.create_batch(5, criteria_set=CriteriaSetFactory())

        with django_assert_num_queries(1):
            assert all(str(one) for one in criteria_for(leaf, DAY))


class TestAVersion:
    def test_never_changes(self):
        criterion = CriterionFactory()
        criterion.question = "Khác?"

        for change in (
            criterion.save,
            criterion.delete,
            criterion.criteria_set.save,
            Criterion.objects.all().delete,
            lambda: CriteriaSet.objects.update(title="Khác"),
        ):
            with pytest.raises(AppendOnlyError):
                change()
        assert Criterion.objects.get().question != "Khác?"

    def test_keeps_its_group_in_the_catalogue(self):
        group = CriteriaSetFactory(group=GroupFactory()).group

        with pytest.raises(ProtectedError):
            group.delete()

    @pytest.mark.parametrize(
        "values", [{"evidence_kinds": ["rumour"]}, {"fields": ["colour"]}, {"level": ClaimLevel.CONFIRMED_BY_USER}]
    )
    def test_names_only_kinds_fields_and_levels_that_exist(self, values):
        criterion = CriterionFactory.build(criteria_set=CriteriaSetFactory(), **values)

        with pytest.raises(ValidationError):
            criterion.full_clean()

    def test_is_read_in_the_readers_language(self):
        criterion = CriterionFactory(key="iso")

        assert (criterion.label, criterion.criteria_set.label) == ("Có iso không?", "Bộ tiêu chí general")
        with translation.override("en"):
            assert (criterion.label, criterion.criteria_set.label) == ("Is there iso?", "Criteria general")

    @pytest.mark.parametrize(
        ("begins", "ends", "binds"),
        [
            (None, None, None),
            ("2026-11-25", None, True),
            ("2026-11-26", None, False),
            ("2021-02-15", "2026-11-25", True),
            ("2021-02-15", "2026-11-24", False),
            (None, "2026-11-24", False),
        ],
    )
    def test_knows_whether_its_basis_binds(self, begins, ends, binds):
        criterion = CriterionFactory.build(basis_from=begins and day(begins), basis_to=ends and day(ends))

        assert criterion.basis_in_force(DAY) is binds


@pytest.fixture
def folder(tmp_path):
    """The groups and the criteria, to spoil."""
    for name in ("categories.yaml", "criteria.yaml"):
        shutil.copy(settings.BASE_DIR / "seeds" / name, tmp_path)
    return tmp_path


def edit(folder, change) -> None:
    path = folder / "criteria.yaml"
    content = yaml.load(path.read_text(), yaml.CSafeLoader)
    change(content["sets"])
    path.write_text(yaml.dump(content, Dumper=yaml.CSafeDumper, allow_unicode=True))


class TestTheSeeds:
    def test_load_and_a_second_time_change_nothing(self, folder, capsys):
        call_command("load_seeds", str(folder))
        call_command("load_seeds", str(folder))

        assert CriteriaSet.objects.count() == 8
        assert Criterion.objects.count() == 24
        assert "criteria.yaml: 0 added, 0 updated, 8 unchanged" in capsys.readouterr().out

    def test_ask_a_telehealth_product_the_general_questions_and_those_of_health(self, folder):
        call_command("load_seeds", str(folder))

        asked = criteria_for(Category.objects.get(key="telehealth"), DAY)

        assert [one.key for one in asked][::10] == ["legal-identity", "published-price"]
        assert [one.key for one in asked[11:]] == ["health-data", "level-of-health-data"]
        assert not any(one.basis_in_force(DAY) for one in asked if "hết hiệu lực" in one.basis)

    def test_confirm_each_field_by_one_criterion_that_every_product_of_a_group_is_asked(self, folder):
        """Two answers about one field could disagree, and a claim has one level."""
        call_command("load_seeds", str(folder))

        for leaf in Category.objects.leaves_only():
            fields = [field for one in criteria_for(leaf, DAY) for field in one.fields]
            assert len(fields) == len(set(fields)), leaf.key

    def test_another_text_under_a_loaded_version_is_refused_and_nothing_changes(self, folder, capsys):
        call_command("load_seeds", str(folder))
        edit(folder, lambda sets: sets[0]["criteria"][3].update(mandatory=False))

        with pytest.raises(CommandError):
            call_command("load_seeds", str(folder))

        said = capsys.readouterr().err
        assert (
            "criteria.yaml: general 1: is loaded already and never changes (source-code.mandatory): write a new version"
            in said
        )
        assert Criterion.objects.get(key="source-code").mandatory

    @pytest.mark.parametrize(
        ("change", "named"),
        [
            (lambda sets: sets[0]["criteria"].pop(), "(-published-price)"),
            (lambda sets: sets[0]["criteria"].append({**sets[0]["criteria"][0], "key": "more"}), "(+more)"),
            (lambda sets: sets[1].update(valid_to="2027-01-01"), "(valid_to)"),
            (lambda sets: sets[0]["criteria"].reverse(), "published-price.position"),
        ],
    )
    def test_whatever_is_changed_is_named(self, folder, capsys, change, named):
        call_command("load_seeds", str(folder))
        edit(folder, change)

        with pytest.raises(CommandError):
            call_command("load_seeds", str(folder))

        assert named in capsys.readouterr().err

    def test_a_new_version_stands_beside_the_old_one(self, folder):
        call_command("load_seeds", str(folder))

        def renew(sets):
            renewed = {**sets[0], "version": 2, "valid_from": "2027-01-01"}
            renewed["criteria"] = [{**one, "lasts_months": 6} for one in sets[0]["criteria"]]
            sets.append(renewed)

        edit(folder, renew)
        call_command("load_seeds", str(folder))

        leaf = Category.objects.get(key="e-document")
        assert criteria_for(leaf, DAY)[0].lasts_months == 12
        assert criteria_for(leaf, day("2027-01-01"))[0].lasts_months == 6

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            (lambda sets: sets[1].update(group="nowhere"), "'nowhere' is not a group"),
            (lambda sets: sets[1].update(group="telehealth"), "'telehealth' is not a group"),
            (lambda sets: sets.append({**sets[1], "version": 2, "group": "work"}), "stands for another group"),
            (lambda sets: sets[1].update(group=None), "has more than one set: general, health"),
            (lambda sets: sets[1]["criteria"][0].update(key="security"), "'security' stands in 'general' too"),
            (lambda sets: sets[1]["criteria"][0].update(fields=["colour"]), "['colour'] are no fields"),
            (lambda sets: sets[1]["criteria"][0].update(level="declared"), "'declared' is not one of"),
            (lambda sets: sets[1]["criteria"][0].update(basis_to="2020-01-01"), "criterion_basis_ends_after"),
            (lambda sets: sets.append(dict(sets[1], title="Khác")), "stands twice"),
        ],
    )
    def test_what_does_not_fit_is_refused_with_the_reason(self, folder, capsys, change, reason):
        edit(folder, change)

        with pytest.raises(CommandError):
            call_command("load_seeds", str(folder))

        assert reason in capsys.readouterr().err
        assert not CriteriaSet.objects.exists()


def test_operators_read_criteria_in_the_admin_and_change_nothing(admin_client):
    criterion = CriterionFactory(key="iso")
    address = f"/quan-tri/catalogue/criteriaset/{criterion.criteria_set_id}/change/"

    assert "Có iso không?" in admin_client.get(address).content.decode()
    assert admin_client.post(address, {"title": "Khác"}).status_code == 403
    assert admin_client.get("/quan-tri/catalogue/criteriaset/add/").status_code == 403
