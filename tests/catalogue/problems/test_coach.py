"""What the coach says of a problem: rule by rule, for text with marks and without, and the command that writes its table."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from catalogue.problems import coach
from catalogue.problems.coach import Rule, Stated, review
from catalogue.problems.coaching import names_that_lock
from tests.support.factories import PlatformFactory, VendorFactory

MONDAY = date(2026, 3, 2)
GOOD = Stated(
    title="Khám từ xa cho trạm y tế xã",
    today="Bệnh nhân ở xã phải đi 40 km lên tỉnh, mất một ngày; bác sĩ tỉnh quá tải vì ca nhẹ.",
    affected="120 trạm y tế, 80.000 lượt khám mỗi năm.",
    outcome="Một nửa số ca không phải lên tỉnh; chờ dưới 30 phút.",
    systems="HIS tỉnh",
    must=("Chạy khi mạng yếu.",),
    budget_max=500_000_000,
    closes_on=date(2026, 4, 2),
    today_is=MONDAY,
)


def changed(**fields):
    return review(Stated(**{name: getattr(GOOD, name) for name in GOOD.__dataclass_fields__} | fields))


def rules(found):
    return {one.rule for one in found.missing}, {one.rule for one in found.flags}


def test_a_whole_problem_has_the_best_grade_and_nothing_to_put_right():
    found = review(GOOD)
    assert (found.grade, found.share) == ("A", 1.0)
    assert rules(found) == (set(), set())


def test_an_empty_one_has_the_worst():
    found = review(Stated(today=""))
    assert (found.grade, found.share) == ("E", 0.0)


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"budget_max": None}, Rule.BUDGET),
        ({"systems": ""}, Rule.SYSTEMS),
        ({"must": ()}, Rule.REQUIREMENTS),
        ({"closes_on": None}, Rule.DEADLINE),
        ({"outcome": "Nhanh hơn trước."}, Rule.MEASURE),
        ({"today": "Khám bệnh cho người dân ở các xã vùng cao của tỉnh theo kế hoạch năm."}, Rule.PROBLEM),
        ({"affected": "Người dân.", "today": "Người dân đi xa, mất cả ngày, bác sĩ tỉnh quá tải vì ca nhẹ."}, Rule.NUMBERS),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_with_its_reason(fields, missing):
    found = changed(**fields)
    assert rules(found) == ({missing}, set())
    assert found.missing[0].why
    assert found.share < 1


@pytest.mark.parametrize(
    ("fields", "flag", "words"),
    [
        ({"must": tuple(f"Điều {n}." for n in range(6))}, Rule.ESSENTIALS, ("Điều 5.",)),
        ({"must": ("Chạy khi mạng yếu. Có tiếng Thái.",)}, Rule.SENTENCES, ("Chạy khi mạng yếu. Có tiếng Thái.",)),
        ({"nice": ("Có tiếng Thái! Ấn một nút là đọc.",)}, Rule.SENTENCES, ("Có tiếng Thái! Ấn một nút là đọc.",)),
        ({"must": ("Chạy trên máy 32 GB RAM.",)}, Rule.EXACT, ("32 gb",)),
        ({"must": ("Phải là Họp Việt.",), "names": frozenset({"Họp Việt"})}, Rule.BRAND, ("Họp Việt",)),
        ({"closes_on": date(2026, 3, 13)}, Rule.DEADLINE, ("9",)),
    ],
)
def test_what_keeps_firms_away_is_flagged_with_the_words(fields, flag, words):
    found = changed(**fields)
    assert rules(found) == (set(), {flag})
    assert found.flags[0].words == words


@pytest.mark.parametrize(
    "fields",
    [
        {"must": tuple(f"Điều {n}." for n in range(5))},
        {"must": ("Chạy trên máy tối thiểu 32 GB RAM.",)},
        {"must": ("Họp Việt hoặc tương đương.",), "names": frozenset({"Họp Việt"})},
        {"systems": "Họp Việt", "names": frozenset({"Họp Việt"})},
        {"must": ("Phục vụ cuộc họp việt dã.",), "names": frozenset({"Họp Việt"})},
        {"must": ("Mạng MISAnet không có.",), "names": frozenset({"MISA"})},
        {"closes_on": date(2026, 3, 16)},
    ],
)
def test_what_lets_others_in_is_not(fields):
    assert rules(changed(**fields)) == (set(), set())


def test_to_tell_what_to_build_and_not_what_is_hard_is_no_better_than_c():
    found = changed(
        today="Xây dựng hệ thống khám bệnh từ xa cho 120 trạm y tế của tỉnh theo kế hoạch năm 2026.",
        outcome="Có hệ thống ở 120 xã.",
    )
    assert rules(found) == ({Rule.PROBLEM}, {Rule.SOLUTION})
    assert found.grade not in "AB"


def test_days_off_do_not_count():
    """30/4 and 1/5 fall on a Thursday and a Friday in 2026."""
    within = changed(today_is=date(2026, 4, 20), closes_on=date(2026, 5, 4))
    assert Rule.DEADLINE in rules(within)[1]
    assert within.flags[0].words == ("7",)


@pytest.mark.parametrize("text", ["Hồ sơ chép tay, trùng lặp, sai sót", "Ho so chep tay, trung lap, sai sot"])
def test_a_text_without_marks_is_read_alike(text):
    found = review(
        Stated(today=f"{text} {' tai ' * 12}" if "Ho so" in text else f"{text} {' tại ' * 12}", in_parts=False)
    )
    assert Rule.PROBLEM not in rules(found)[0]


def test_marks_keep_words_apart():
    """“chăm” is not “chậm”, though both are typed “cham”."""
    found = review(Stated(today="Chăm sóc người cao tuổi ở mười hai xã của huyện trong suốt năm qua", in_parts=False))
    assert Rule.PROBLEM in rules(found)[0]


def test_a_bare_text_is_not_asked_for_money_and_dates():
    asked = {one.rule for one in review(Stated(today="Họp không giấy", in_parts=False)).findings}
    assert asked.isdisjoint({Rule.BUDGET, Rule.DEADLINE, Rule.SYSTEMS, Rule.REQUIREMENTS, Rule.ESSENTIALS})


def test_grades_only_fall_as_less_is_told():
    fields = [{}, {"budget_max": None}, {"systems": ""}, {"must": ()}, {"outcome": ""}, {"affected": ""}, {"today": ""}]
    lost, shares = {}, []
    for one in fields:
        lost |= one
        shares.append(changed(**lost).share)
    assert shares == sorted(shares, reverse=True)
    assert len(set(shares)) == len(shares)


@pytest.mark.django_db
def test_names_of_the_catalogue_lock_and_those_of_the_state_do_not():
    PlatformFactory(name="Họp Việt", vendor=VendorFactory(short_name="Sao Bắc"))
    PlatformFactory(name="Cổng quốc gia", vendor=VendorFactory(short_name="Văn phòng", legal_form="public_body"))
    PlatformFactory(name="Bí mật", vendor=VendorFactory(short_name="Kín", shown_since=None), listed_at=None)
    PlatformFactory(name="họp", vendor=VendorFactory(short_name="Ab"))
    assert names_that_lock() == {"Họp Việt", "Sao Bắc"}


@pytest.mark.django_db
def test_the_command_writes_the_table_and_leaves_the_rest(tmp_path):
    page, file = tmp_path / "coach.md", tmp_path / "statements.yaml"
    page.write_text("Trước\n<!-- coach table begins -->\ncũ\n<!-- coach table ends -->\nSau\n", encoding="utf-8")
    file.write_text("problems:\n  - {id: p-1, text: Họp không giấy}\n", encoding="utf-8")

    call_command("coach", file, "--page", page)

    written = page.read_text(encoding="utf-8")
    assert written.startswith("Trước\n")
    assert written.endswith("Sau\n")
    assert "| p-1 Họp không giấy | E |" in written
    assert "cũ" not in written


@pytest.mark.django_db
def test_the_table_in_the_docs_is_what_the_seeds_give(capsys):
    """Brands aside: the catalogue is not loaded here."""
    root = Path(__file__).resolve().parents[3]
    call_command("coach", root / "seeds" / "problems_dev.yaml", "--page", "-")
    fresh = [line for line in capsys.readouterr().out.splitlines() if line.startswith("| rp-")]
    kept = [
        line
        for line in (root / "docs" / "coach.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| rp-")
    ]
    assert len(fresh) == len(kept)
    assert [line for line in kept if "brand:" not in line] == [
        one for one, line in zip(fresh, kept, strict=True) if "brand:" not in line
    ]


def test_every_rule_says_why():
    assert all(one.say and one.why for one in review(GOOD).findings)
    assert {one.rule for one in review(GOOD).findings} == set(coach.Rule)


@pytest.mark.parametrize(
    "text",
    [
        "Nối được với HIS của các bệnh viện ở TP. Hồ Chí Minh.",
        "Xuất ra PDF, DOCX, v.v. Mọi lúc.",
        "Giữ sổ khám, đơn thuốc... của mọi trạm.",
        "Chạy khi mất mạng.",
    ],
)
def test_one_sentence_is_not_taken_for_several(text):
    assert Rule.SENTENCES not in rules(review(replace(GOOD, must=(text,))))[1]
