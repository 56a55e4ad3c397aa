"""Two to four products side by side: what differs stands first, what is not known is said, the address is enough."""

import pytest

from catalogue.platforms.choices import Status
from catalogue.platforms.models import Platform
from catalogue.web.comparison import compare
from tests.support.factories import EvidenceFactory, LeafFactory, PlatformFactory, UserFactory, VendorFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["anonymous", "member", "operator"])
def visitor(request, client):
    if request.param != "anonymous":
        client.force_login(UserFactory(is_staff=request.param == "operator"))
    return client


def groups_of(*platforms: Platform) -> dict[str, dict[str, list[str]]]:
    """Return group → row → the cells' texts."""
    return {
        group.key: {row.label: [cell.plain for cell in row.cells] for row in group.rows}
        for group in compare(platforms).groups
    }


def page_of(client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


class TestTable:
    def test_what_differs_comes_first_then_what_is_the_same_then_what_nobody_says(self, catalogue):
        table = compare([catalogue["khamxa"], catalogue["hoichan"]])

        assert [group.key for group in table.groups] == ["different", "same", "unknown"]

    def test_a_fact_that_one_listing_leaves_out_is_a_difference_and_unknown_there(self, catalogue):
        groups = groups_of(catalogue["khamxa"], catalogue["hoichan"])

        assert groups["different"]["Cách triển khai"] == ["Dịch vụ phần mềm qua mạng (SaaS)", "Chưa có thông tin"]
        assert groups["unknown"]["Mức giá công bố"] == ["Chưa có thông tin", "Chưa có thông tin"]
        assert groups["same"]["Tình trạng"] == ["Đang cung cấp", "Đang cung cấp"]

    def test_the_level_has_its_date_and_its_source(self, catalogue):
        level, listed = groups_of(catalogue["khamxa"], catalogue["hoichan"])["different"]["Mức bảo đảm"]

        assert level.startswith(
            "Có bằng chứng công khai\nNgày: 22/11/2026\nNguồn: example.gov.vn (https://example.gov.vn/"
        )
        assert listed == "Có trong danh mục\nNguồn: chưa dẫn được bằng chứng"

    def test_levels_are_alike_whatever_their_days(self, catalogue):
        assert "Mức bảo đảm" in groups_of(catalogue["khamxa"], catalogue["hopviet"])["same"]

    def test_capabilities_are_shared_by_all_by_several_or_by_one_however_they_are_spelt(self):
        one = PlatformFactory(capabilities=["Ký số", "Hòa giải", "Thống kê"])
        two = PlatformFactory(capabilities=["ký số.", "hoà giải"])
        three = PlatformFactory(capabilities=["Ký  số"])

        groups = groups_of(one, two, three)

        assert groups["same"]["Chức năng hồ sơ nào cũng nêu"] == ["Ký số", "ký số.", "Ký số"]
        assert groups["different"]["Chức năng vài hồ sơ cùng nêu"] == ["Hòa giải", "hoà giải", "Không nêu thêm"]
        assert groups["different"]["Chức năng chỉ hồ sơ này nêu"] == ["Thống kê", "Không nêu thêm", "Không nêu thêm"]

    def test_without_any_capability_named_it_is_one_unknown(self):
        assert groups_of(PlatformFactory(), PlatformFactory())["unknown"]["Chức năng"] == ["Chưa có thông tin"] * 2

    def test_a_capability_that_is_not_named_is_unknown_not_missing(self):
        groups = groups_of(PlatformFactory(capabilities=["Ký số"]), PlatformFactory())

        assert groups["different"]["Chức năng chỉ hồ sơ này nêu"] == ["Ký số", "Chưa có thông tin"]

    def test_an_unknown_status_or_price_model_is_no_information(self):
        groups = groups_of(PlatformFactory(status=Status.UNKNOWN), PlatformFactory(status=Status.UNKNOWN))

        assert {"Tình trạng", "Cách tính giá"} <= set(groups["unknown"])

    def test_lists_are_alike_in_any_order(self):
        groups = groups_of(
            PlatformFactory(deployment=["saas", "on_premise"]), PlatformFactory(deployment=["on_premise", "saas"])
        )

        assert "Cách triển khai" in groups["same"]

    def test_a_source_without_address_is_called_what_it_is(self):
        groups = groups_of(PlatformFactory(sources=[{"url": None, "note": ""}]), PlatformFactory())

        assert groups["different"]["Nguồn của hồ sơ"] == ["Kiến thức chung, chưa dẫn nguồn", "Chưa có thông tin"]

    def test_only_a_web_address_becomes_a_link(self):
        platform = PlatformFactory(sources=[{"url": "javascript:alert(1)", "note": "nguồn"}])
        rows = {row.label: row for group in compare([platform, PlatformFactory()]).groups for row in group.rows}

        assert rows["Nguồn của hồ sơ"].cells[0].lines[0].url == ""


class TestPage:
    def test_products_stand_in_the_order_of_the_address_for_everyone(self, visitor, catalogue):
        page = page_of(visitor, "/so-sanh/?p=temviet&p=khamxa&p=hopviet")

        assert page.index("/nen-tang/temviet/") < page.index("/nen-tang/khamxa/") < page.index("/nen-tang/hopviet/")
        assert page.index("Khác nhau") < page.index("Giống nhau")
        assert "http://testserver/so-sanh/?p=temviet&amp;p=khamxa&amp;p=hopviet" in page

    def test_each_product_can_be_taken_off(self, client, catalogue):
        page = page_of(client, "/so-sanh/?p=temviet&p=khamxa&p=hopviet")

        assert 'href="/so-sanh/?p=temviet&amp;p=hopviet"' in page

    def test_the_table_is_saved_in_three_forms(self, client, catalogue):
        page = page_of(client, "/so-sanh/?p=temviet&p=khamxa")

        for extension in ("docx", "xlsx", "csv"):
            assert f'href="/so-sanh/tai-ve/{extension}/?p=temviet&amp;p=khamxa"' in page

    def test_without_a_product_it_explains_how_to_choose(self, client, catalogue):
        page = page_of(client, "/so-sanh/")

        assert "<table" not in page
        assert "danh sách lưu" in page
        assert 'name="tim"' in page
        assert "noindex" not in page

    def test_one_product_asks_for_another_and_offers_those_of_its_category(self, client, catalogue):
        page = page_of(client, "/so-sanh/?p=khamxa")

        assert "Chọn thêm ít nhất một sản phẩm" in page
        assert 'href="/so-sanh/?p=khamxa&amp;p=hoichan"' in page
        assert "p=temviet" not in page

    @pytest.mark.parametrize("typed", ["Hội Chẩn", "hoi chan", "HOI CHAN", "chẩn việt"])
    def test_a_product_is_found_and_added_with_marks_or_without(self, client, catalogue, typed):
        page = page_of(client, f"/so-sanh/?p=temviet&p=khamxa&tim={typed}")

        assert 'href="/so-sanh/?p=temviet&amp;p=khamxa&amp;p=hoichan"' in page

    def test_a_product_is_found_by_its_vendor(self, client):
        PlatformFactory(slug="ky-so", vendor=VendorFactory(key="cong-ty-sao", short_name="Công ty Sao"))

        assert 'href="/so-sanh/?p=ky-so"' in page_of(client, "/so-sanh/?tim=cong ty sao")

    def test_names_stand_before_names_of_vendors_and_the_rest_is_said_to_exist(self, client):
        vendor = VendorFactory(key="sao", short_name="Sao")
        for at in range(10):
            PlatformFactory(slug=f"a{at}", name=f"A{at}", vendor=vendor)
        PlatformFactory(slug="ngoi-sao", name="Ngôi Sao")

        answer = client.get("/so-sanh/?tim=sao")

        assert [offer["name"] for offer in answer.context["found"]] == ["Ngôi Sao", *(f"A{at}" for at in range(9))]
        assert "Còn sản phẩm khác" in answer.content.decode()

    @pytest.mark.parametrize("typed", ["truy xuaat", "hop truc tuyen", "viet", "tem qr"])
    def test_it_finds_what_the_list_finds(self, client, catalogue, typed):
        offered = [offer["name"] for offer in client.get("/so-sanh/", {"tim": typed}).context["found"]]

        assert offered
        assert set(offered) == {card["name"] for card in client.get("/nen-tang/", {"q": typed}).context["cards"]}

    def test_a_search_without_result_says_so(self, client, catalogue):
        assert "“không có đâu”" in page_of(client, "/so-sanh/?tim=không có đâu")

    def test_unknown_and_repeated_products_are_named_and_the_rest_is_compared(self, client, catalogue):
        page = page_of(client, "/so-sanh/?p=khamxa&p=khong-co&p=hopviet&p=khamxa")

        assert "Danh mục không có sản phẩm nào mang khóa “khong-co”." in page
        assert "KhámXa được nêu nhiều lần" in page
        assert "<table" in page
        assert 'rel="canonical" href="http://testserver/so-sanh/?p=khamxa&amp;p=hopviet"' in page

    def test_more_than_four_are_refused_with_a_choice(self, client, catalogue):
        page = page_of(client, "/so-sanh/?" + "&".join(f"p={slug}" for slug in catalogue), status=400)

        assert "5 sản phẩm là quá nhiều" in page
        assert page.count('type="checkbox"') == 5
        assert page.count(" checked") == 4
        assert "<table" not in page

    def test_four_are_compared_and_no_fifth_is_offered(self, client, catalogue):
        page = page_of(client, "/so-sanh/?" + "&".join(f"p={slug}" for slug in list(catalogue)[:4]))

        assert "<table" in page
        assert 'name="tim"' not in page

    @pytest.mark.parametrize(
        "query",
        ["p=", "p=%00", "p=%27%3B--", "p=" + "a" * 5000, "p=<script>alert(1)</script>", "p=ệ", "p=%ff", "tim=%00",
         "tim=" + "x" * 3000, "tim=%25%5F", "&".join(f"p=x{at}" for at in range(300)), "p=a%0d%0ab"],
    )  # fmt: skip
    def test_nonsense_is_answered_with_the_page(self, client, catalogue, query):
        page = page_of(client, f"/so-sanh/?{query}")

        assert "<script>alert" not in page

    def test_it_only_reads(self, client, catalogue):
        assert client.post("/so-sanh/?p=khamxa&p=hopviet").status_code == 405

    def test_text_of_a_listing_is_never_markup(self, client):
        for slug in ("xau", "xau-nua"):
            PlatformFactory(slug=slug, name="<b>x</b>", capabilities=["<script>alert(1)</script>"])

        page = page_of(client, "/so-sanh/?p=xau&p=xau-nua")

        assert "<script>alert" not in page
        assert "<b>x" not in page

    def test_a_discontinued_product_says_so(self, client, catalogue):
        assert "Đã ngừng cung cấp" in page_of(client, "/so-sanh/?p=hopcu&p=hopviet")

    def test_there_is_an_english_page(self, client, catalogue):
        page = page_of(client, "/en/so-sanh/?p=khamxa&p=hopviet")

        assert "Different" in page
        assert 'href="/so-sanh/?p=khamxa&amp;p=hopviet"' in page, "the switch keeps what is compared"

    @pytest.mark.parametrize("count", [2, 4])
    def test_it_costs_the_same_for_two_and_for_four(self, client, django_assert_num_queries, count):
        leaf = LeafFactory()
        for at in range(count):
            platform = PlatformFactory(slug=f"p{at}", category=leaf)
            platform.also.add(LeafFactory())
            EvidenceFactory(platform=platform)

        with django_assert_num_queries(4):  # platforms, what else they are for, evidence, connections
            client.get("/so-sanh/?" + "&".join(f"p=p{at}" for at in range(count)))
