"""Take the pictures of docs/screenshots/ from a running site: `make screenshots`."""

import shutil
import sys
from pathlib import Path
from typing import Literal

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SEVERAL_NEEDS = (
    "UBND phường muốn họp trực tuyến với các tổ dân phố; trạm y tế cần khám chữa bệnh từ xa với bệnh viện tỉnh; "
    "thu học phí không dùng tiền mặt."
)
# Pages that are shown as they come.
PAGES = {
    "list": "/nen-tang/?q=hop+truc+tuyen",
    "category": "/nhom/online-meetings/",
    "vendor": "/nha-cung-cap/vnpt-it/",
    "directive": "/chi-thi-16/",
    "problems": "/bai-toan/?state=all",
    "problem-post": "/bai-toan/dang/",
    "how-vetting": "/cach-tham-dinh/",
    "criteria": "/tham-dinh/tieu-chi/",
    "challenge": "/nen-tang/viettel-telehealth/phan-doi/",
    "register": "/dang-ky/",
    "register-check": "/dang-ky/kiem-tra/",
    "badge": "/huy-hieu/viettel-telehealth/",
    "sign-in": "/tai-khoan/dang-nhap/",
    "how-ranking": "/cach-xep-hang/",
    "about-data": "/du-lieu/",
    "scoreboard": "/bang-diem/",
}
Scheme = Literal["light", "dark"]
WINDOWS: dict[str, tuple[int, int, Scheme]] = {
    "": (1200, 860, "light"),
    "-dark": (1200, 860, "dark"),
    "-phone": (390, 844, "light"),
}


def main(site: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for suffix, (width, height, scheme) in WINDOWS.items():
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
            page = context.new_page()
            page.goto(f"{site}/?vi-du=1")
            page.screenshot(path=FOLDER / f"home{suffix}.png")
            page.locator("main form button[type=submit]").click()
            page.wait_for_url("**/goi-y/*/")
            page.screenshot(
                path=FOLDER / f"result{suffix}.png",
                clip={"x": 0, "y": 0, "width": width, "height": 1500},
                full_page=True,
            )
            page.goto(f"{site}/")
            page.locator("textarea").fill(SEVERAL_NEEDS)
            page.locator("main form button[type=submit]").click()
            page.wait_for_url("**/goi-y/*/")
            page.locator(".bundle").screenshot(path=FOLDER / f"bundle{suffix}.png")
            page.goto(f"{site}/nen-tang/viettel-telehealth/")
            page.screenshot(path=FOLDER / f"platform{suffix}.png")
            for slug in ("viettel-telehealth", "vnpt-his"):
                page.goto(f"{site}/nen-tang/{slug}/")
                page.locator(".keep button").click()
                page.wait_for_load_state("networkidle")
            page.goto(f"{site}/danh-sach-luu/")
            page.screenshot(path=FOLDER / f"shortlist{suffix}.png")
            page.goto(f"{site}/so-sanh/?p=viettel-telehealth&p=vnpt-his")
            page.screenshot(path=FOLDER / f"compare{suffix}.png")
            page.goto(f"{site}/bai-toan/?state=all")
            if page.locator(".problem-card a").count():  # a site has problems once an agency posted one
                page.locator(".problem-card a").first.click()
                page.screenshot(path=FOLDER / f"problem{suffix}.png")
            for name, address in PAGES.items():
                page.goto(f"{site}{address}")
                page.screenshot(path=FOLDER / f"{name}{suffix}.png")
            context.close()
        browser.close()
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER.relative_to(Path.cwd())}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
