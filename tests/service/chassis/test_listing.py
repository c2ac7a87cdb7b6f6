"""Lists as declarations, on rows of the database: what they test, how they turn their pages."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any

import pytest
from sqlmodel import col

from services.chassis.auth import Forbidden, Grant, OutOfScope, Principal
from services.chassis.errors import Invalid
from services.chassis.http.fields import Day
from services.chassis.http.listing import (
    Filters,
    equals,
    listed,
    part_of,
    since,
    unset,
    until,
    with_past,
)
from services.chassis.http.pages import Page, decode, encode
from services.chassis.ids import new_id
from services.chassis.rows import by_key
from services.membership.tables.organisations import OrganisationRow
from services.membership.tables.volunteering.rows import WishRow
from tests.service.planting import AREA, Garden

ELSEWHERE = "410306001001"
DISTRICT = Principal("test", (Grant("admin", "410305"),), 0)
Listed = Callable[..., Any]


class WishFilters(Filters):
    wish_kind: str | None = None
    first: Annotated[Day | None, since("expires_on")] = None
    last: Annotated[Day | None, until("expires_on")] = None
    collected_from: Annotated[Day | None, since("collected_at")] = None
    collected_to: Annotated[Day | None, until("collected_at")] = None
    open: Annotated[bool | None, unset("closed_at")] = None
    kind_has: Annotated[str | None, part_of("wish_kind")] = None


@pytest.fixture
async def wishes(scene, start, database) -> Listed:
    """Four: `w1` to `w3` in our district, collected and expiring a day apart, and one elsewhere."""
    client = await start("membership", background=False)
    kept = await database("membership")
    async with kept.pool.acquire() as connection:
        garden = await Garden.of(connection)
        for number, area in enumerate((AREA, AREA, AREA, ELSEWHERE), 1):
            row = await garden.plant(WishRow.__table__)
            await connection.execute(
                "UPDATE wish SET wish_kind = $2, expires_on = $3, collected_at = $4, area = $5,"
                " closed_at = $6 WHERE wish_id = $1",
                row["wish_id"],
                f"w{number}%",
                date(2026, 6, number),
                datetime(2026, 6, number, 15, 59, 59, tzinfo=UTC),  # a second before midnight here
                area,
                datetime(2026, 7, 1, tzinfo=UTC) if number == 1 else None,
            )

    async def ask(filters: Filters, cursor: str | None = None, **more: Any) -> Page[WishRow]:
        context = client.app.state.context
        limit, caller = more.pop("limit", 10), more.pop("caller", DISTRICT)
        more = {"order": "expires_on"} | more
        return await listed(context, caller, WishRow, filters, decode(cursor), limit, **more)

    return ask


def names(page: Page[WishRow]) -> list[str]:
    return [row.wish_kind for row in page.items]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["w1%", "w2%", "w3%"]),
        ({"wish_kind": "w2%"}, ["w2%"]),
        ({"first": "2026-06-02"}, ["w2%", "w3%"]),
        ({"last": "2026-06-02"}, ["w1%", "w2%"]),
        ({"first": "2026-06-02", "last": "2026-06-02"}, ["w2%"]),
        ({"collected_from": "2026-06-03"}, ["w3%"]),
        ({"collected_to": "2026-06-02"}, ["w1%", "w2%"]),
        ({"open": True}, ["w2%", "w3%"]),
        ({"open": False}, ["w1%"]),
        ({"kind_has": "2%"}, ["w2%"]),
        ({"kind_has": "%2"}, []),
        ({"within": AREA}, ["w1%", "w2%", "w3%"]),
    ],
)
async def test_what_filters_ask_for(wishes, asked, found):
    assert names(await wishes(WishFilters.model_validate(asked))) == found


async def test_pages_follow_one_another_in_the_order_asked_for(wishes):
    first = await wishes(Filters(), limit=2, order=("expires_on", "wish_id"))
    second = await wishes(Filters(), first.next, limit=2, order=("expires_on", "wish_id"))

    assert (names(first), names(second), second.next) == (["w1%", "w2%"], ["w3%"], None)
    shown = first.of([row.wish_kind for row in first.items])
    assert (shown.items, shown.next) == (names(first), first.next)


@pytest.mark.parametrize("cursor", [["x"], ["2026-06-01", "more"]])
async def test_a_cursor_of_another_list_is_refused(wishes, cursor):
    with pytest.raises(Invalid) as refused:
        await wishes(Filters(), encode(cursor))
    assert refused.value.facts["field"] == "cursor"


async def test_nobody_lists_beyond_their_areas(wishes):
    with pytest.raises(OutOfScope):
        await wishes(Filters(within=ELSEWHERE))


async def test_more_conditions_join_what_they_name_and_may_say_where_a_row_lies(wishes):
    joined = [
        col(WishRow.organisation_id) == col(OrganisationRow.organisation_id),
        col(WishRow.wish_kind) != "w2%",
    ]
    assert names(await wishes(Filters(), where=joined[1:])) == ["w1%", "w3%"]
    there = await wishes(Filters(), where=joined, area=col(OrganisationRow.area))
    assert names(there) == ["w1%", "w3%", "w4%"]


async def test_the_newest_first_turn_their_pages_backwards(wishes):
    order = {"order": ("expires_on", "wish_id"), "newest_first": True, "limit": 2}
    first = await wishes(Filters(), **order)
    second = await wishes(Filters(), first.next, **order)

    assert (names(first), names(second), second.next) == (["w3%", "w2%"], ["w1%"], None)


async def test_a_list_of_what_lies_anywhere_is_for_all_who_may_read_anything(wishes):
    assert names(await wishes(Filters(), everywhere=True)) == ["w1%", "w2%", "w3%", "w4%"]
    assert names(await wishes(Filters(within=ELSEWHERE), everywhere=True)) == ["w4%"]
    with pytest.raises(Forbidden):
        await wishes(Filters(), everywhere=True, caller=Principal("nobody", (), 0))


async def test_one_area_of_several_is_enough(wishes):
    either = (col(WishRow.area), col(OrganisationRow.area))
    joined = [col(WishRow.organisation_id) == col(OrganisationRow.organisation_id)]

    assert names(await wishes(Filters(), where=joined, area=either)) == ["w1%", "w2%", "w3%", "w4%"]


class PastFilters(Filters):
    kind: Annotated[str | None, equals("wish_kind")] = None
    past: Annotated[bool | None, with_past("closed_at")] = None


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"past": False}, ["w2%", "w3%"]),
        ({"past": True}, ["w1%", "w2%", "w3%"]),
        ({"kind": "w2%"}, ["w2%"]),
    ],
)
async def test_filters_of_other_names_than_their_columns(wishes, asked, found):
    assert names(await wishes(PastFilters.model_validate(asked))) == found


async def test_rows_by_key_are_those_that_are_there_and_fresh_where_they_are_locked(
    wishes, database
):
    page = await wishes(Filters())
    keys = [row.wish_id for row in page.items]
    kept = await database("membership")
    async with kept.sessions() as session:
        seen = await by_key(session, WishRow, [*keys, new_id()])
        assert list(seen) == sorted(keys)
        await kept.pool.execute("UPDATE wish SET wish_kind = 'new' WHERE wish_id = $1", keys[0])
        again = await by_key(session, WishRow, keys, lock=True)
        assert again[keys[0]] is seen[keys[0]]
        assert seen[keys[0]].wish_kind == "new"
