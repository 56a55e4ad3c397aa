"""What everybody may ask of a page in a browser: that it can be used with any aid, on any screen, in any light."""

from itertools import product

from axe_playwright_python.sync_playwright import Axe

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS, SCHEMES = (1280, 320), ("light", "dark")
LEAST_COLUMN = 150  # pixels: half of what a phone of 320 has between its margins
_NARROW = """least => [...document.querySelectorAll("main section")]
  .filter(part => part.offsetWidth > 1 && part.offsetWidth < least).map(part => part.innerText.slice(0, 40))"""
_OVERLAPPING = """() => { const boxes = [...document.querySelectorAll("header a")].map(link => [link, link.getBoundingClientRect()])
  .filter(([link, box]) => box.width && link.checkVisibility());
  return boxes.flatMap(([one, a], at) => boxes.slice(at + 1).filter(([, b]) => a.left < b.right && b.left < a.right
    && a.top < b.bottom && b.top < a.bottom).map(([other]) => `${one.innerText} / ${other.innerText}`)) }"""


def violations(page) -> list[str]:
    """Return what axe finds wrong with the page that stands there now, once it stands there whole."""
    page.wait_for_load_state()
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


def faults(page) -> list[str]:
    """Return what is wrong with the page at the width and in the colours it has now."""
    wrong = violations(page)
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        wrong.append("sticks out sideways")
    wrong += [f"has a narrow column: {part}" for part in page.evaluate(_NARROW, LEAST_COLUMN)]
    wrong += [f"links overlap: {links}" for links in page.evaluate(_OVERLAPPING)]
    return wrong


def faults_everywhere(visitor, address: str, *, complete: str = "main") -> list[str]:
    """Return what is wrong with a page on a desk and a phone, in light and dark, all of it unfolded.

    `complete` selects the element that comes last.
    """
    page, wrong = visitor.page, []
    answer = page.goto(visitor.home + address)
    assert answer.status == 200, address
    page.locator(complete).wait_for()
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    for width, scheme in product(WIDTHS, SCHEMES):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        wrong += [f"{address} at {width} in {scheme} {fault}" for fault in faults(page)]
    wrong += [f"{address} {trouble}" for trouble in visitor.trouble]
    visitor.trouble.clear()
    return wrong
