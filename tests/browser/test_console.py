"""What staff see and do, in a real browser on the real product with its demo year."""

import io
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import docx
import httpx
import pytest
from playwright.async_api import expect

from services.chassis.clock import LOCAL
from tests.browser.conftest import Visit
from tests.browser.pages import PAGES, all_amounts, amounts, counted
from tests.clock import filed
from tests.stack import Stack

pytestmark = pytest.mark.asyncio(loop_scope="module")  # in which the one browser runs


# --- figures and their events ---


async def test_numbers_state_their_area_period_and_as_of_instant(visit: Visit) -> None:
    page = await visit(PAGES["overview"])
    await expect(page.get_by_role("heading", level=1)).to_contain_text("涧西区")
    batches = page.get_by_role("link", name=re.compile("^接待批次"))
    persons = page.get_by_role("link", name=re.compile("^接待人次"))
    await expect(batches).to_contain_text("29")
    await expect(persons).to_contain_text("856")
    for panel in await page.locator("section.panel").all():
        basis = panel.locator(".basis")
        await expect(basis).to_contain_text("涧西区")
        await expect(basis).to_contain_text("2019年")
        await expect(basis).to_contain_text(re.compile(r"截至 \d{4}-\d\d-\d\d \d\d:\d\d"))


async def test_a_figure_opens_to_events_whose_amounts_add_up_to_it(visit: Visit) -> None:
    page = await visit(PAGES["overview"])
    await page.get_by_role("link", name=re.compile("^接待人次")).click()
    drawer = page.get_by_role("dialog")
    await expect(drawer.get_by_role("heading", name="接待人次")).to_be_focused()
    assert sum(await amounts(page)) == 856
    assert len(await amounts(page)) == 29
    await expect(drawer.locator("tfoot")).to_contain_text("与指标数一致")


async def test_a_long_list_of_events_is_read_page_by_page_to_the_same_sum(visit: Visit) -> None:
    page = await visit(PAGES["overview"])
    card = page.get_by_role("link", name=re.compile("^党组织"))
    number = counted(await card.locator("b").inner_text())
    await card.click()
    drawer = page.get_by_role("dialog")
    found: list[int] = []
    following = drawer.get_by_role("link", name="下一页")
    first = drawer.locator("tbody .id").first
    await expect(first).to_be_visible()
    while True:
        found += await amounts(page)
        if not await following.count():
            break
        seen = await first.inner_text()
        await following.click()
        await expect(first).not_to_have_text(seen)
    assert len(found) > 50
    assert sum(found) == number


async def test_every_counted_figure_agrees_with_its_events(visit: Visit) -> None:
    page = await visit(PAGES["overview"])
    cards = await page.locator("a.card").all()
    told = [(await c.get_attribute("href") or "", await c.locator("b").inner_text()) for c in cards]
    assert len(told) >= 14
    for href, number in told:
        if number == "—" or "_per_" in href or "_rate" in href:
            continue
        await page.goto(href)
        assert sum(await all_amounts(page)) == counted(number), href


async def test_a_row_of_a_breakdown_opens_to_its_own_events(visit: Visit) -> None:
    page = await visit(PAGES["overview"])
    row = page.locator("table.split tr", has=page.get_by_role("link", name="省", exact=True))
    number = counted(await row.locator("td.num").first.inner_text())
    await row.get_by_role("link").click()
    drawer = page.get_by_role("dialog")
    await expect(drawer).to_contain_text("来访层级：省")
    assert sum(await amounts(page)) == number


async def test_the_table_of_a_trend_holds_the_months_that_make_the_number(visit: Visit) -> None:
    page = await visit(PAGES["overview"])
    trend = page.locator("section", has=page.get_by_role("heading", name="接待批次按月走势"))
    await expect(trend.get_by_role("img")).to_have_attribute("aria-label", re.compile("2019年"))
    await trend.get_by_text("查看数据表").click()
    months = await trend.locator("tbody td").all_inner_texts()
    assert len(months) == 12
    assert sum(map(counted, months)) == 29


async def test_who_did_not_come_is_named(visit: Visit) -> None:
    page = await visit(PAGES["overview"])
    for title in ("本期没有接待的基地", "本期没有到访的党支部"):
        panel = page.locator("section", has=page.get_by_role("heading", name=title))
        names = await panel.locator(".names li").all_inner_texts()
        assert names
        assert "（名称未知）" not in names


async def test_the_drawer_is_opened_and_left_by_keyboard(visit: Visit) -> None:
    page = await visit(PAGES["overview"])
    card = page.get_by_role("link", name=re.compile("^接待批次"))
    await card.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(card).to_be_focused()


# --- choosing an area and a period ---


async def test_areas_are_chosen_by_name_the_narrower_from_the_wider(visit: Visit) -> None:
    page = await visit(PAGES["overview"])
    await expect(page.get_by_label("社区")).to_be_disabled()
    await page.get_by_label("街道").select_option("重庆路街道")
    community = page.get_by_label("社区")
    await expect(community).to_be_enabled()
    await community.select_option("谷水东社区居民委员会")
    await page.get_by_role("button", name="查看").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text(
        "涧西区 重庆路街道 谷水东社区居民委员会"
    )


async def test_another_street_does_not_keep_the_old_community(visit: Visit) -> None:
    page = await visit("/?area=410305006001")
    await page.get_by_label("街道").select_option("湖北路街道")
    await expect(page.get_by_label("社区").locator("option", has_text="唐村")).to_have_count(1)
    await expect(page.get_by_label("社区")).to_have_value("")
    await page.get_by_role("button", name="查看").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("涧西区 湖北路街道")


async def test_periods_are_presets_or_any_dates(visit: Visit) -> None:
    page = await visit("/?area=410305")
    await expect(page.get_by_role("link", name="本年")).to_have_attribute("aria-current", "true")
    await page.get_by_role("link", name="自建成以来").first.click()
    await expect(page.get_by_role("link", name=re.compile("^接待批次"))).to_contain_text("29")
    await page.get_by_label("自", exact=True).fill("2019-07-01")
    await page.get_by_label("至", exact=True).fill("2019-07-31")
    await page.get_by_role("button", name="查看").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("2019年7月")
    await expect(page.locator(".chart .faint").first).to_be_attached()


# --- a day of a base ---


async def booked(stack: Stack, day: date) -> tuple[dict[str, Any], dict[str, Any], str]:
    """A booking from 19:00 to 20:30 of `day`: its base, its venue, who comes."""
    token = stack.token("admin")
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(headers=headers) as http:

        async def first(service: str, path: str, **params: str) -> dict[str, Any]:
            found = await http.get(stack.url(service) + path, params=params)
            return dict(found.json()["items"][0])

        base = await first("bases", "/v1/bases", within="410305")
        room = await first("bases", f"/v1/bases/{base['base_id']}/venues")
        visitor = await first("membership", "/v1/organisations", kind="branch")
        command = {
            "venue_id": room["venue_id"],
            "organisation_id": visitor["organisation_id"],
            "starts_at": f"{day}T19:00:00+08:00",
            "ends_at": f"{day}T20:30:00+08:00",
            "headcount": 12,
            "channel": "wechat",
            "visitor_level": "street",
            "occurred_at": filed().isoformat(),
        }
        answer = await http.post(
            stack.url("bases") + "/v1/bookings", json=command, headers=stack.headers(token)
        )
        assert answer.status_code == 201, answer.text
    return base, room, str(visitor["name"])


async def test_bookings_of_a_day_stand_in_the_timetable_with_status_and_heads(
    visit: Visit, stack: Stack
) -> None:
    day = (datetime.now(UTC) + timedelta(days=20)).date()
    base, room, visitor = await booked(stack, day)
    page = await visit(f"/bookings?area=410305&base={base['base_id']}&day={day}")
    venue = page.get_by_role("region", name=room["name"])
    block = venue.get_by_role("listitem").filter(has_text=visitor)
    await expect(block).to_contain_text("19:00–20:30")
    await expect(block).to_contain_text("待确认")
    await expect(block).to_contain_text("预约12人")
    await expect(page.locator(".hours")).to_contain_text("20:00")
    await page.get_by_role("link", name="后一天").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text(base["name"])
    await expect(page.get_by_text("当日没有预约").first).to_be_visible()


async def test_what_awaits_the_second_step_looks_unlike_what_awaits_the_first(
    visit: Visit,
) -> None:
    tomorrow = (datetime.now(LOCAL) + timedelta(days=1)).date()
    page = await visit(f"/bookings?area=410305&day={tomorrow}")
    second, first = page.locator(".block.endorsed").first, page.locator(".block.pending").first
    await expect(second).to_contain_text("待复核")
    await expect(first).to_contain_text("待确认")
    colour = "each => getComputedStyle(each).backgroundColor"
    assert await second.evaluate(colour) != await first.evaluate(colour)


async def test_a_closed_venue_is_shown_shut_and_a_cancelled_booking_below(
    visit: Visit, stack: Stack
) -> None:
    day = (datetime.now(UTC) + timedelta(days=21)).date()
    base, room, visitor = await booked(stack, day)
    token = stack.token("admin")
    closed = {
        "base_id": base["base_id"],
        "venue_id": room["venue_id"],
        "starts_at": f"{day}T00:00:00+08:00",
        "ends_at": f"{day + timedelta(days=1)}T00:00:00+08:00",
        "reason_kind": "maintenance",
        "cancel_bookings": True,
    }
    async with httpx.AsyncClient(headers=stack.headers(token)) as http:
        answer = await http.post(stack.url("bases") + "/v1/closures", json=closed)
        assert answer.status_code == 201, answer.text
    page = await visit(f"/bookings?area=410305&base={base['base_id']}&day={day}")
    venue = page.get_by_role("region", name=room["name"])
    await expect(venue).to_contain_text("闭馆（设施维护）全天")
    await expect(venue.locator(".block")).to_have_count(0)
    await page.get_by_text("已取消、未批准和已失效的预约").click()
    await expect(page.locator(".gone li").filter(has_text=visitor)).to_contain_text("已取消")


async def test_todays_bookings_are_on_the_first_view(visit: Visit) -> None:
    page = await visit("/bookings")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("今天")
    await expect(page.locator(".block").first).to_be_visible()


# --- the work summary ---


async def test_the_summary_is_read_and_each_number_opens(visit: Visit) -> None:
    page = await visit(PAGES["summary"])
    await expect(page.get_by_role("article")).to_contain_text("29批次、856人次")
    await page.get_by_role("link", name="856人次").click()
    await expect(page.get_by_role("dialog").get_by_role("heading")).to_have_text("接待人次")
    assert sum(await amounts(page)) == 856


async def test_the_summary_is_taken_away_as_word_and_markdown(visit: Visit) -> None:
    page = await visit(PAGES["summary"])
    async with page.expect_download() as word:
        await page.get_by_role("link", name=re.compile("Word")).click()
    taken = await word.value
    assert taken.suggested_filename == "涧西区2019年党建工作总结.docx"
    content = (await taken.path()).read_bytes()
    text = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs)
    assert "29批次、856人次" in text
    async with page.expect_download() as markdown:
        await page.get_by_role("link", name=re.compile("Markdown")).click()
    taken = await markdown.value
    assert taken.suggested_filename.endswith(".md")
    assert "29批次、856人次" in (await taken.path()).read_text("utf-8")


async def test_the_printed_summary_is_the_document_alone(visit: Visit) -> None:
    page = await visit(PAGES["summary"])
    await page.emulate_media(media="print")
    await expect(page.get_by_role("article")).to_be_visible()
    for gone in (".top", ".filter", ".tools", ".foot"):
        await expect(page.locator(gone)).to_be_hidden()
