"""The console for everybody: no barriers, small screens, no script; and who gets in where."""

import os
import re
import signal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.pages import PAGES, REFUSED, all_amounts, counted, follow
from tests.eventually import eventually
from tests.stack import Stack

pytestmark = pytest.mark.asyncio(loop_scope="module")  # in which the one browser runs


# --- for everybody ---


async def test_no_page_has_a_barrier(visit: Visit) -> None:
    barriers = {}
    for name, path in PAGES.items():
        page = await visit(path, refused=name in REFUSED)
        found = await Axe().run(page)
        if found.violations_count:
            barriers[name] = found.generate_report()
    assert barriers == {}


async def test_the_login_and_the_open_drawer_have_no_barrier(visit: Visit) -> None:
    login = await visit("/login", role=None)
    assert (await Axe().run(login)).violations_count == 0
    page = await visit(PAGES["overview"])
    await page.locator("a.card").first.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


async def test_no_page_scrolls_sideways_on_a_phone(visit: Visit) -> None:
    widths = {}
    for name, path in PAGES.items():
        page = await visit(path, phone=True, refused=name in REFUSED)
        widths[name] = await page.evaluate("document.documentElement.scrollWidth")
    assert {name: width for name, width in widths.items() if width > 390} == {}


async def test_without_javascript_everything_can_be_read(visit: Visit) -> None:
    page = await visit(PAGES["overview"], script=False)
    card = page.get_by_role("link", name=re.compile("^党组织"))
    number = counted(await card.locator("b").inner_text())
    await follow(page, card)
    assert urlsplit(page.url).path == "/figures/membership.organisations"
    assert sum(await all_amounts(page)) == number
    await follow(page, page.get_by_role("link", name="返回数据总览"))
    await page.get_by_label("街道").select_option("重庆路街道")
    await page.get_by_role("button", name="查看").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("重庆路街道")


# --- getting in, and what is not for everybody ---


async def test_a_token_is_pasted_and_stays_in_no_address(visit: Visit, stack: Stack) -> None:
    page = await visit("/summary", role=None)
    await expect(page.get_by_role("status")).to_contain_text("请先登录")
    await page.get_by_label("登录凭证").fill(stack.token("viewer", "410305006"))
    await page.get_by_role("button", name="登录").click()
    await page.wait_for_url("**/summary*")
    assert "token" not in page.url
    [cookie] = await page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    await page.get_by_role("button", name="退出").click()
    await expect(page.get_by_role("status")).to_contain_text("您已退出登录")
    assert not await page.context.cookies()


async def test_a_link_with_a_token_leaves_a_clean_address(visit: Visit, stack: Stack) -> None:
    page = await visit(f"/login?token={stack.token('viewer', '410305006')}", role=None)
    assert urlsplit(page.url).query == ""
    await expect(page.get_by_role("heading", level=1)).to_contain_text("重庆路街道")


async def test_a_foreign_token_is_refused_in_a_clear_sentence(visit: Visit) -> None:
    page = await visit("/login", role=None, refused=True)
    await page.get_by_label("登录凭证").fill("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.AAAA")
    await page.get_by_role("button", name="登录").click()
    await expect(page.get_by_role("alert")).to_contain_text("不是本系统签发")


async def test_a_link_on_another_site_opens_the_page_for_who_is_logged_in(
    visit: Visit, stack: Stack
) -> None:
    page = await visit("/", role="viewer")
    address = stack.url("console") + PAGES["overview"]
    await page.goto(stack.url("console").replace("127.0.0.1", "localhost") + "/login")
    await page.evaluate("address => { window.location.href = address }", address)
    await page.wait_for_url(address)
    await expect(page.get_by_role("heading", level=1)).to_contain_text("涧西区")


async def test_who_sees_one_street_is_told_so_for_another(visit: Visit) -> None:
    page = await visit("/?area=410305001", area="410305006", refused=True)
    await expect(page.get_by_role("main")).to_contain_text("超出您的授权范围")
    await page.get_by_role("link", name="回到首页").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("重庆路街道")
    options = await page.get_by_label("街道").locator("option").all_inner_texts()
    assert options == ["重庆路街道"]


async def test_a_frozen_service_is_named_and_the_rest_of_the_page_is_there(
    visit: Visit, stack: Stack
) -> None:
    frozen = stack.pids()["membership"]
    page = await visit(PAGES["overview"])
    os.kill(frozen, signal.SIGSTOP)
    try:
        await page.reload()  # which gives up after half a minute
        await expect(page.get_by_role("status")).to_contain_text("“区划与党组织”暂时不可用")
        await expect(page.get_by_role("link", name=re.compile("^接待人次"))).to_contain_text("856")
    finally:
        os.kill(frozen, signal.SIGCONT)

    async def back() -> bool:
        await page.reload()
        return await page.get_by_text("暂时不可用").count() == 0

    await eventually(back)
