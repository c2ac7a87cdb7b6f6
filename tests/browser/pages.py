"""The pages of the console, and how tests read amounts and follow links on them."""

from playwright.async_api import Locator, Page

YEAR = "area=410305&from=2019-01-01&to=2019-12-31"
PAGES = {
    "overview": f"/?{YEAR}",
    "short period": "/?area=410305&from=2019-06-01&to=2019-06-30",
    "street": "/?area=410305006&period=since-built",
    "events": f"/figures/bases.visit_persons?{YEAR}",
    "ratio": f"/figures/bases.persons_per_batch?{YEAR}",
    "absent": f"/figures/bases.unvisiting_branches?{YEAR}",
    "bookings": "/bookings?area=410305",
    "no base": "/bookings?area=410305012",
    "summary": f"/summary?{YEAR}",
    "impossible period": "/?from=2019-05-01&to=2019-01-01",
    "out of scope": "/?area=410306",
}
REFUSED = {"impossible period", "out of scope"}


def counted(text: str) -> int:
    """`+1,234` or `−1` as a number."""
    return int(text.replace(",", "").replace("−", "-").replace("+", ""))


async def amounts(page: Page) -> list[int]:
    return [counted(text) for text in await page.locator("tbody .amount").all_inner_texts()]


async def follow(page: Page, link: Locator) -> None:
    """Click, and wait until the page it leads to is there."""
    href = await link.get_attribute("href") or ""
    await link.click()
    await page.wait_for_url(lambda url: url.endswith(href))


async def all_amounts(page: Page) -> list[int]:
    """Of this page and of all that follow it."""
    found = await amounts(page)
    following = page.get_by_role("link", name="下一页")
    while await following.count():
        await follow(page, following)
        found += await amounts(page)
    return found
