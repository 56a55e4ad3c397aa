"""How to post: a letter is made of what is typed, in the browser's hands alone."""

import io

import pytest
from docx import Document

from catalogue.problems.models import Problem
from tests.support.factories import ReceivingOfficeFactory

pytestmark = pytest.mark.django_db
PAGE = "/bai-toan/dang/"
WRITTEN = {
    "agency": "UBND phường Mẫu",
    "title": "Họp không giấy",
    "today": "Mỗi kỳ họp in hàng nghìn trang.\r\n\r\nGửi tay tới từng tổ.",
    "affected": "42 cán bộ",
    "outcome": "Không in giấy",
}


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_everybody_is_told_the_ways(visitor, prefix):
    answer = visitor.get(prefix + PAGE)

    assert answer.status_code == 200
    assert 'name="today"' in answer.content.decode()


def test_the_office_that_takes_problems_is_named(client):
    without = client.get(PAGE).content.decode()
    office = ReceivingOfficeFactory()
    page = client.get(PAGE).content.decode()

    assert "chưa được chỉ định nơi nhận" in without
    assert office.name in page
    assert f'href="mailto:{office.email}"' in page


def test_a_statement_is_brought_along_and_nothing_is_asked_yet(client):
    answer = client.post(PAGE, {"today": "Kho vắc xin <b>ghi tay</b>\0"})
    page = answer.content.decode()

    assert answer.status_code == 200
    assert "Kho vắc xin &lt;b&gt;ghi tay&lt;/b&gt;" in page
    assert 'class="error-summary"' not in page
    assert "private" in answer["Cache-Control"], "nobody else is shown what was typed"


def test_the_letter_can_be_copied(client):
    ReceivingOfficeFactory()
    answer = client.post(PAGE, {**WRITTEN, "lam": "xem"})
    letter = answer.context["letter"]

    for text in ("Kính gửi: Văn phòng Bộ Thử nghiệm", "Cơ quan đề nghị: UBND phường Mẫu", "Tên bài toán: Họp không giấy",
                 "in hàng nghìn trang.\n\nGửi tay", "42 cán bộ", "Không in giấy", "http://testserver/bai-toan/"):  # fmt: skip
        assert text in letter, text
    assert "readonly" in answer.content.decode()
    assert not Problem.objects.exists(), "nothing is kept"


def test_the_letter_is_vietnamese_whatever_the_page_is_read_in(client):
    assert "Kính gửi" in client.post(f"/en{PAGE}", {**WRITTEN, "lam": "xem"}).context["letter"]


def test_it_can_be_saved_as_docx_and_text(client):
    docx = client.post(PAGE, {**WRITTEN, "lam": "docx"})
    text = client.post(PAGE, {**WRITTEN, "lam": "txt"})

    paragraphs = [paragraph.text for paragraph in Document(io.BytesIO(docx.content)).paragraphs]
    assert docx["Content-Disposition"] == 'attachment; filename="bai-toan.docx"'
    assert paragraphs[0] == "BÀI TOÁN ĐỀ NGHỊ ĐĂNG CÔNG KHAI"
    assert {"Mỗi kỳ họp in hàng nghìn trang.", "Gửi tay tới từng tổ.", "42 cán bộ"} <= set(paragraphs)
    assert text["Content-Disposition"] == 'attachment; filename="bai-toan.txt"'
    assert text["Content-Type"] == "text/plain; charset=utf-8"
    assert "Họp không giấy" in text.content.decode()


@pytest.mark.parametrize("lam", ["xem", "docx", "txt", "khac"])
def test_what_is_missing_is_said_and_nothing_typed_is_lost(client, lam):
    answer = client.post(PAGE, {**WRITTEN, "today": "  ", "lam": lam})
    page = answer.content.decode()

    assert answer.status_code == 400
    assert 'href="#id_today"' in page
    assert 'value="UBND phường Mẫu"' in page
    assert "42 cán bộ" in page


@pytest.mark.parametrize("text", ["\0", "\x08 a", "\ufffe b", "\ud7ff c", "x" * 6000, "'=1+1"])
@pytest.mark.parametrize("lam", ["xem", "docx", "txt"])
def test_odd_text_is_no_trouble(client, text, lam):
    assert client.post(PAGE, {"today": text, "lam": lam}).status_code in (200, 400)


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_no_other_method(client, method):
    assert getattr(client, method)(PAGE).status_code == 405
