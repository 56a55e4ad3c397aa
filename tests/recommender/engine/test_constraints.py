from dataclasses import replace

import pytest

from catalogue.common.text import fold
from recommender.engine.constraints import (
    BUDGET,
    CONNECTED,
    CONNECTIONS,
    DATA_IN_VIETNAM,
    DEADLINE,
    DEPLOYMENT,
    KINDS,
    MODE,
    OFFLINE,
    SECURITY,
    SITES,
    USERS,
    asked_for,
    failures,
    find_constraints,
    mentions,
    read_money,
)
from recommender.engine.types import Required, Unmet

from .samples import listing

MONEY = [
    ("Kinh phí dưới 500 triệu", 500_000_000),
    ("dưới 500 triệu đồng mỗi năm", 500_000_000),
    ("Không quá 1,5 tỷ", 1_500_000_000),
    ("không quá 1.500.000.000 đồng", 1_500_000_000),
    ("không vượt quá 1 500 000 đồng", 1_500_000),
    ("tối đa 800 nghìn đồng một tháng", 800_000),
    ("dự toán được duyệt là 3 tỉ", 3_000_000_000),
    ("ngân sách năm nay 2.500 triệu đồng", 2_500_000_000),
    ("trần 750 tr", 750_000_000),
    ("kinh phí 120.000.000 VND", 120_000_000),
    ("kinh phí 500.000.000đ", 500_000_000),
    ("tối đa 500.000.000 đ", 500_000_000),
    ("dự toán 500 trđ", 500_000_000),
    ("từ 500 triệu trở xuống", 500_000_000),
    ("khoảng 1 tỷ 200 triệu đồng đổ lại", 1_200_000_000),
    ("dưới 1.5 tỷ", 1_500_000_000),
    ("dưới 1.25 tỷ đồng", 1_250_000_000),
]


def found(text: str, kind: str) -> list[int | str]:
    return [constraint.value for constraint in find_constraints(text) if constraint.kind == kind]


class TestMoney:
    @pytest.mark.parametrize(("text", "dong"), MONEY)
    def test_an_upper_limit_is_read_in_dong(self, text, dong):
        assert found(text, BUDGET) == [dong]

    @pytest.mark.parametrize(("text", "dong"), MONEY)
    def test_it_is_read_from_text_without_marks(self, text, dong):
        assert found(fold(text).lower(), BUDGET) == [dong]

    @pytest.mark.parametrize(
        "text",
        [
            "tổng mức đầu tư 500 triệu",  # no limit
            "ít nhất 500 triệu",
            "500 triệu trở lên",
            "dưới 500 người",  # no money
            "dưới đây. Năm ngoái chi 500 triệu",  # another sentence
            "dưới" + " một con số nào đó" * 4 + " 500 triệu",  # too far away
            "dưới 500 triệux",
        ],
    )
    def test_other_numbers_are_no_limit(self, text):
        assert found(text, BUDGET) == []

    def test_the_words_reach_from_the_limit_to_the_unit(self):
        (constraint,) = find_constraints("Đơn vị có kinh phí khoảng 1,5 tỷ đồng cho cả dự án")

        assert constraint.words == "kinh phí khoảng 1,5 tỷ đồng"
        assert (constraint.start, constraint.end) == (10, 37)

    @pytest.mark.parametrize(("text", "dong"), [("dưới 4,1 tỷ", 4_100_000_000), ("dưới 8,2 triệu", 8_200_000)])
    def test_a_decimal_is_read_to_the_last_dong(self, text, dong):
        assert found(text, BUDGET) == [dong]

    def test_groups_parted_by_commas_are_not_read_as_nothing(self):
        assert found("không quá 1,500,000,000 đồng", BUDGET) in ([], [1_500_000_000])

    def test_a_sum_in_two_units_is_not_read_as_less(self):
        assert found("dưới 1 tỷ 500 triệu", BUDGET) in ([], [1_500_000_000])

    @pytest.mark.parametrize("text", ["Chúng tôi đã chi 500 triệu đồng", "Kinh phí mua 10 ti vi cho hội trường"])
    def test_words_that_only_fold_to_a_limit_or_a_unit_are_not_one(self, text):
        assert found(text, BUDGET) == []


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("khoảng 200 người dùng", USERS, 200),
        ("1.200 tài khoản", USERS, 1200),
        ("15000 người sử dụng", USERS, 15000),
        ("50 users", USERS, 50),
        ("tại 63 điểm cầu", SITES, 63),
        ("16 xã, phường", SITES, 16),
        ("1.045 đơn vị", SITES, 1045),
        ("an toàn thông tin cấp độ 3", SECURITY, 3),
        ("CẤP ĐỘ 1", SECURITY, 1),
    ],
)
def test_users_sites_and_levels_are_read(text, kind, value):
    assert found(text, kind) == [value]
    assert found(fold(text), kind) == [value]


@pytest.mark.parametrize(
    "text", ["người dùng", "200 ngày", "cấp độ 9", "cấp độ 35", "cấp độ", "12/2025 xã", "2,5.200 người dùng"]
)
def test_a_number_of_something_else_is_no_requirement(text):
    assert find_constraints(text) == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("hoàn thành trước ngày 31/12/2026", "31/12/2026"),
        ("chậm nhất tháng 6/2026", "6/2026"),
        ("trong quý IV/2026", "IV/2026"),
        ("đến hết năm 2027", "2027"),
        ("trong năm 2026", "2026"),
    ],
)
def test_a_deadline_is_read(text, value):
    assert found(text, DEADLINE) == [value]
    assert found(fold(text), DEADLINE) == [value]


@pytest.mark.parametrize("text", ["từ năm 2019", "trong 2026 ngày", "trước ngày 31/12", "ngày 31/12/2026"])
def test_another_date_is_no_deadline(text):
    assert found(text, DEADLINE) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("cài đặt tại chỗ", "on_premise"),
        ("chạy on-premise", "on_premise"),
        ("trên máy chủ của tỉnh", "on_premise"),
        ("cài đặt nội bộ", "on_premise"),
        ("đám mây riêng", "private_cloud"),
        ("thuê dịch vụ phần mềm", "saas"),
        ("trên nền điện toán đám mây", "saas"),
        ("SaaS", "saas"),
        ("có ứng dụng di động", "mobile_app"),
        ("ứng dụng trên điện thoại", "mobile_app"),
    ],
)
def test_ways_to_deploy_are_read(text, value):
    assert found(text, DEPLOYMENT) == [value]
    assert found(fold(text), DEPLOYMENT) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "dữ liệu phải lưu tại Việt Nam",
        "dữ liệu lưu trữ trong nước",
        "Dữ liệu đặt ở trong nước",
        "máy chủ đặt tại Việt Nam",
        "trung tâm dữ liệu trong nước",
        "đám mây trong nước",
        "lưu trữ dữ liệu cá nhân trong lãnh thổ Việt Nam",
        "không chuyển dữ liệu ra nước ngoài",
        "dữ liệu người dân không được đưa ra nước ngoài",
    ],
)
def test_data_that_stay_in_viet_nam_are_read(text):
    assert found(text, DATA_IN_VIETNAM) == [True]
    assert found(fold(text), DATA_IN_VIETNAM) == [True]


@pytest.mark.parametrize(
    "text",
    [
        "cảm biến đặt trong nước, truyền dữ liệu",
        "dữ liệu từ phao đặt trong nước biển",
        "doanh nghiệp trong nước",
        "sản phẩm làm tại Việt Nam",
        "không cần lưu dữ liệu tại Việt Nam",
        "nguồn nước ngoài thành phố",
    ],
)
def test_water_and_other_things_of_the_country_say_nothing_of_data(text):
    assert found(text, DATA_IN_VIETNAM) == []
    assert found(fold(text), DATA_IN_VIETNAM) == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("kết nối LGSP, NDXP, VNeID", ["LGSP", "NDXP", "VNEID"]),
        ("đăng nhập bằng VNeID", ["VNEID"]),
        ("kết nối cơ sở dữ liệu quốc gia về dân cư", ["CSDLQG_DC"]),
        ("khai thác CSDL dân cư", ["CSDLQG_DC"]),
        ("liên thông với CSDLQG về dân cư và Cổng Dịch vụ công quốc gia", ["CSDLQG_DC", "DVCQG"]),
        ("tích hợp với bảo hiểm xã hội", ["BHXH"]),
        ("qua trục LGSP của tỉnh", ["LGSP"]),
        ("kết nối nền tảng tích hợp, chia sẻ dữ liệu quốc gia", ["NDXP"]),
        ("Bảo hiểm xã hội tỉnh cần quản lý hồ sơ", []),
        ("Tỉnh chưa có LGSP", []),
        ("Xây dựng nền tảng tích hợp, chia sẻ dữ liệu LGSP", []),
        ("Không cần kết nối LGSP", []),
        ("người dân đã có VNeID", []),
        ("kết nối các phòng. Tỉnh đã có LGSP", []),
    ],
)
def test_systems_to_connect_to_are_read(text, values):
    assert sorted(found(text, CONNECTIONS)) == values
    assert sorted(found(fold(text), CONNECTIONS)) == values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("thuê phần mềm", "rent"),
        ("ưu tiên thuê dịch vụ của doanh nghiệp", "rent"),
        ("Thuê trọn gói hệ thống", "rent"),
        ("mua phần mềm", "buy"),
        ("mua bản quyền phần mềm", "buy"),
        ("mua sắm hệ thống", "buy"),
        ("đầu tư xây dựng nền tảng", "buy"),
        ("Thuê hệ thống trước, mua phần mềm sau", "rent"),
    ],
)
def test_renting_and_buying_are_read(text, value):
    assert found(text, MODE) == [value]
    assert found(fold(text), MODE) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "mùa mưa hệ thống thoát nước ngập",
        "phần mềm thuế dịch vụ",
        "nộp thuế hệ thống",
        "mua 20 xe ô tô",
        "mua máy tính",
        "thu mua hệ thống",
        "không mua phần mềm",
        "kêu gọi đầu tư nền tảng",
        "thuê xe",
        "thuê dịch vụ vệ sinh",
        "quản lý đầu tư công",
    ],
)
def test_tax_seasons_and_goods_are_neither_rent_nor_purchase(text):
    assert found(text, MODE) == []
    assert found(fold(text), MODE) == []


@pytest.mark.parametrize(
    "text",
    [
        "dùng được khi mất mạng",
        "làm việc ngoại tuyến",
        "ở nơi không có mạng",
        "không có internet",
        "mất mạng vẫn nhập được",
        "chạy offline",
        "khi mất kết nối mạng",
    ],
)
def test_use_without_a_network_is_read(text):
    assert found(text, OFFLINE) == [True]
    assert found(fold(text), OFFLINE) == [True]


@pytest.mark.parametrize(
    "text", ["đào tạo trực tuyến và ngoại tuyến", "mất mạng người", "bán hàng offline và online", "an ninh mạng"]
)
def test_classes_and_shops_outside_the_network_are_no_offline_use(text):
    assert found(text, OFFLINE) == []
    assert found(fold(text), OFFLINE) == []


def test_ngoai_tuyen_is_not_ngoai_tuyen_duong():
    assert found("thi công ngoài tuyến đường", OFFLINE) == []


def test_every_requirement_keeps_the_words_as_they_were_typed():
    text = "KẾT NỐI LGSP; Dữ liệu lưu tại Việt Nam; mua Phần mềm; khi mất mạng"

    for constraint in find_constraints(text):
        assert text[constraint.start : constraint.end] == constraint.words
    assert [constraint.kind for constraint in find_constraints(text)] == [CONNECTIONS, DATA_IN_VIETNAM, MODE, OFFLINE]


@pytest.mark.parametrize(
    ("typed", "dong"),
    [
        ("1,5 tỷ", 1_500_000_000),
        ("500tr", 500_000_000),
        ("  500   triệu ", 500_000_000),
        ("500.000.000 đ", 500_000_000),
        ("500,000,000", 500_000_000),
        ("500000000", 500_000_000),
        ("1 tỷ 500 triệu", 1_500_000_000),
        ("0", 0),
        ("500", None),
        ("1,5", None),
        ("-5", None),
        ("abc", None),
        ("", None),
        ("1e9", None),
        ("9999999 tỷ", None),
        ("9" * 400, None),
    ],
)
def test_a_typed_budget_is_read_or_refused_but_never_guessed(typed, dong):
    assert read_money(typed) == dong


@pytest.mark.parametrize(
    "text", ["tiểu thương bán hàng tại chợ", "triển khai tại chợ", "phương châm bốn tại chỗ", "khám bệnh tại chỗ"]
)
def test_markets_and_the_four_on_the_spot_are_no_way_to_deploy(text):
    assert found(text, DEPLOYMENT) == []


def test_requirements_stand_in_the_order_of_the_words():
    constraints = find_constraints("Cấp độ 3, 200 người dùng, cài đặt tại chỗ, dưới 2 tỷ đồng, 5 điểm cầu")

    assert [constraint.kind for constraint in constraints] == [SECURITY, USERS, DEPLOYMENT, BUDGET, SITES]


@pytest.mark.parametrize("text", ["Cần quản lý văn bản", ""])
def test_a_statement_without_requirements_has_none(text):
    assert find_constraints(text) == ()


class TestFailures:
    plain = listing("a", deployment=("saas", "mobile_app"), price_min=300, price_max=900)

    def test_nothing_required_fails_nothing(self):
        assert failures(replace(self.plain, deployment=(), price_min=None), Required()) == ()

    @pytest.mark.parametrize("required", [{"saas"}, {"on_premise", "mobile_app"}])
    def test_one_of_the_asked_ways_to_deploy_is_enough(self, required):
        assert failures(self.plain, Required(deployment=frozenset(required))) == ()

    def test_none_of_the_asked_ways_to_deploy_is_a_failure(self):
        unmet = failures(self.plain, Required(deployment=frozenset({"private_cloud", "on_premise"})))

        assert unmet == (Unmet(DEPLOYMENT, "on_premise, private_cloud", known=True),)

    def test_a_listing_that_does_not_say_how_it_is_deployed_is_unknown(self):
        unmet = failures(replace(self.plain, deployment=()), Required(deployment=frozenset({"saas"})))

        assert unmet == (Unmet(DEPLOYMENT, "saas", known=False),)

    @pytest.mark.parametrize(("budget", "fails"), [(299, True), (300, False), (301, False), (0, True)])
    def test_a_price_that_starts_above_the_budget_is_a_failure(self, budget, fails):
        unmet = failures(self.plain, Required(budget_vnd_max=budget))

        assert unmet == ((Unmet(BUDGET, str(budget), known=True),) if fails else ())

    def test_a_free_product_fits_any_budget(self):
        assert failures(replace(self.plain, price_min=0), Required(budget_vnd_max=0)) == ()

    def test_a_listing_without_a_price_is_unknown(self):
        unmet = failures(replace(self.plain, price_min=None), Required(budget_vnd_max=1000))

        assert unmet == (Unmet(BUDGET, "1000", known=False),)

    def test_a_discontinued_product_fails_whatever_is_required(self):
        assert failures(replace(self.plain, available=False), Required()) == (
            Unmet("status", "discontinued", known=True),
        )

    def test_every_failure_is_told(self):
        gone = replace(self.plain, available=False)

        unmet = failures(gone, Required(frozenset({"on_premise"}), 100))

        assert [failure.code for failure in unmet] == [DEPLOYMENT, BUDGET, "status"]


class TestWhatListingsDoNotSay:
    asked = Required(
        users=200, sites=5, security_level=3, deadline="2026", mode="rent", data_in_vietnam=True,
        connections=frozenset({"LGSP", "VNEID"}), offline=True,
    )  # fmt: skip

    def test_it_is_unknown_and_never_a_failure(self):
        unmet = failures(listing("a", deployment=(), price_min=None), self.asked)

        assert unmet == (
            Unmet(USERS, "200", known=False),
            Unmet(SITES, "5", known=False),
            Unmet(SECURITY, "3", known=False),
            Unmet(DEADLINE, "2026", known=False),
            Unmet(DATA_IN_VIETNAM, "true", known=False),
            Unmet(CONNECTIONS, "LGSP", known=False),
            Unmet(CONNECTIONS, "VNEID", known=False),
            Unmet(MODE, "rent", known=False),
            Unmet(OFFLINE, "true", known=False),
        )

    def test_a_listing_that_names_a_system_or_offline_use_declares_it(self):
        named = listing("a", capabilities=("Đăng nhập bằng VNeID", "Tải về dùng ngoại tuyến"))

        assert mentions(named, self.asked) == ((CONNECTIONS, "VNEID"), (OFFLINE, True))
        assert {unmet.code: unmet.text for unmet in failures(named, self.asked)}[CONNECTIONS] == "LGSP"
        assert OFFLINE not in [unmet.code for unmet in failures(named, self.asked)]

    def test_only_what_is_asked_for_is_looked_up(self):
        assert mentions(listing("a", summary="Kết nối LGSP, dùng ngoại tuyến"), Required()) == ()

    @pytest.mark.parametrize("system", CONNECTED)
    def test_every_system_that_can_be_asked_for_can_be_looked_up(self, system):
        assert mentions(listing("a"), Required(connections=frozenset({system}))) == ()

    def test_every_field_of_what_is_required_is_a_kind(self):
        assert {
            kind for kind, _ in asked_for(replace(self.asked, deployment=frozenset({"saas"}), budget_vnd_max=0))
        } == set(KINDS)


@pytest.mark.parametrize("text", ["Có 3 trường hợp lỗi", "3 xã hội hóa", "dùng 2 cơ sở dữ liệu"])
def test_a_number_before_another_word_counts_no_sites(text):
    assert found(text, SITES) == []
