"""Figures over HTTP: what they count, how they split, and the events behind them."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts.kinds import Channel, VisitorLevel
from services.projector.declare import FigureKind
from tests.service.projector.conftest import Desk
from tests.unit.projector.build import (
    COMMUNITY,
    JUNE,
    NEXT_COMMUNITY,
    STREET,
    an_id,
    area,
    base,
    branch,
    cancelled,
    completed,
    missed,
    moved,
    not_missed,
    rekinded,
    requested,
    venue,
    visit,
)


async def test_the_catalogue_lists_every_figure_with_what_it_can_be_split_by(desk: Desk) -> None:
    items = {item["key"]: item for item in (await desk.get("/v1/figures")).json()["items"]}
    assert items["bases.visit_batches"] == {
        "key": "bases.visit_batches",
        "name": "接待批次",
        "unit": "批次",
        "kind": "flow",
        "dimensions": [
            {"key": "visitor_level", "name": "来访层级"},
            {"key": "channel", "name": "预约方式"},
            {"key": "base_kind", "name": "基地类型"},
            {"key": "purpose_kind", "name": "来访目的"},
            {"key": "base", "name": "基地"},
            {"key": "organisation", "name": "来访党组织"},
        ],
        "describes": "本期实际接待的批次数",
    }
    assert {item["kind"] for item in items.values()} == set(FigureKind)


async def test_a_number_states_its_area_its_period_and_as_of_when(office: Desk) -> None:
    entry = await office.tell(visit("v1", 30))
    await office.settled()
    told = await office.figure("bases.visit_persons")
    assert (told["value"], told["unit"], told["kind"]) == (30, "人次", "flow")
    assert (told["area"], told["area_name"]) == ("410305", "涧西区")
    assert (told["from"], told["to"]) == ("2019-01-01", "2019-12-31")
    assert datetime.fromisoformat(told["as_of"]) == entry.recorded_at
    assert told["events"] == (
        "/v1/figures/bases.visit_persons/events?area=410305&from=2019-01-01&to=2019-12-31"
    )


async def test_every_level_of_the_area_tree_has_its_sum(office: Desk) -> None:
    await office.tell(visit("v1", 30))
    await office.tell(visit("v2", 12, area=NEXT_COMMUNITY))
    await office.settled()
    expected = {COMMUNITY: 30, NEXT_COMMUNITY: 12, STREET: 42, "410305": 42}
    for code, persons in expected.items():
        assert await office.value("bases.visit_persons", area=code) == persons


async def test_what_is_entered_late_counts_on_the_day_it_happened(office: Desk) -> None:
    office.log.recorded = datetime(2021, 5, 1, tzinfo=UTC)
    await office.tell(visit("v1", 30), at=datetime(2019, 12, 31, 15, 59, tzinfo=UTC))
    await office.tell(visit("v2", 5), at=datetime(2019, 12, 31, 16, 0, tzinfo=UTC))
    await office.settled()
    assert await office.value("bases.visit_persons") == 30
    next_year = {"from": "2020-01-01", "to": "2020-01-01"}
    assert await office.value("bases.visit_persons", **next_year) == 5


async def test_as_of_an_earlier_instant_later_entries_are_not_counted(office: Desk) -> None:
    first = await office.tell(visit("v1", 30))
    await office.tell(visit("v2", 12))
    await office.settled()
    at = first.recorded_at.isoformat()
    told = await office.figure("bases.visit_persons", as_of=at)
    assert told["value"] == 30
    assert datetime.fromisoformat(told["as_of"]) == first.recorded_at
    assert len(await office.events("bases.visit_persons", as_of=at)) == 1
    before = (first.recorded_at - timedelta(seconds=1)).isoformat()
    assert await office.value("bases.visit_persons", as_of=before) == 0
    assert await office.value("bases.persons_per_batch", as_of=before) is None


async def test_before_any_event_there_is_no_as_of(scene: object, start: object, desk: Desk) -> None:
    await desk.database.pool.execute(f"UPDATE {await desk.m()}.position SET recorded_at = NULL")
    assert (await desk.figure("bases.bases"))["as_of"] is None


async def test_a_base_of_another_kind_moves_the_stock(office: Desk) -> None:
    await office.tell(base("基地乙", "technology"))
    await office.tell(rekinded("基地乙", was="technology", kind="basic"), at=JUNE + timedelta(40))
    await office.settled()
    assert await office.groups("bases.bases", "base_kind") == {"基础型": 1, "红色型": 1}
    june = {"to": "2019-06-30"}
    assert await office.groups("bases.bases", "base_kind", **june) == {"红色型": 1, "科技型": 1}
    assert await office.value("bases.bases") == 2


async def test_a_stock_by_month_is_what_there_was_at_each_end_of_month(office: Desk) -> None:
    await office.tell(base("基地乙"), at=JUNE + timedelta(days=30))
    await office.settled()
    period = {"from": "2019-05-01", "to": "2019-08-15"}
    assert await office.groups("bases.bases", "month", **period) == {
        "2019年5月": 0,
        "2019年6月": 1,
        "2019年7月": 2,
        "2019年8月": 2,
    }


async def test_months_without_visits_are_zero_and_their_ratio_null(office: Desk) -> None:
    await office.tell(visit("v1", 30))
    await office.settled()
    period = {"from": "2019-05-01", "to": "2019-07-31"}
    assert list((await office.groups("bases.visit_batches", "month", **period)).values()) == [
        0,
        1,
        0,
    ]
    ratio = await office.groups("bases.persons_per_batch", "month", **period)
    assert list(ratio.values()) == [None, 30.0, None]


async def test_groups_by_area_are_the_children_and_add_up(office: Desk) -> None:
    await office.tell(area(NEXT_COMMUNITY, "和平社区"))
    await office.tell(visit("v1", 30))
    await office.tell(visit("v2", 5, area=STREET))
    await office.settled()
    assert await office.groups("bases.visit_persons", "area", area=STREET) == {
        "街道本级": 5,
        "唐村社区": 30,
        "和平社区": 0,
    }
    now = datetime.now(UTC).isoformat()
    again = await office.groups("bases.visit_persons", "area", area=STREET, as_of=now)
    assert again == {"街道本级": 5, "唐村社区": 30, "和平社区": 0}


async def test_groups_by_a_dimension_carry_chinese_labels_in_the_declared_order(
    office: Desk,
) -> None:
    for name, level in (("a", "district"), ("b", "central"), ("c", "district")):
        await office.tell(visit(name, level=VisitorLevel(level)))
    await office.settled()
    groups = await office.groups("bases.visit_batches", "visitor_level")
    assert list(groups.items()) == [("中央", 1), ("区", 2)]


async def test_groups_by_base_and_by_visitor_carry_learnt_names(office: Desk) -> None:
    await office.tell(visit("v1", visitor="支部甲"))
    await office.tell(visit("v2"))
    await office.settled()
    assert await office.groups("bases.visit_batches", "base") == {"基地甲": 2}
    visitors = await office.groups("bases.visit_batches", "organisation")
    assert visitors == {"支部甲": 1, "未注明": 1}


async def test_bookings_are_counted_by_what_became_of_them(office: Desk) -> None:
    for name, channel in (("b1", Channel.WEB), ("b2", Channel.PHONE), ("b3", Channel.WEB)):
        await office.tell(requested(name, channel))
    await office.tell(completed("b1"))
    await office.tell(missed("b2", Channel.PHONE))
    await office.tell(cancelled("b3"))
    await office.settled()
    assert await office.groups("bases.bookings", "channel") == {"电脑": 2, "电话": 1}
    assert await office.value("bases.bookings_cancelled") == 1
    assert await office.value("bases.no_show_rate") == 50.0
    assert await office.groups("bases.no_show_rate", "channel") == {"电脑": 0.0, "电话": 100.0}
    assert {e["figure"] for e in await office.events("bases.no_show_rate")} == {
        "bases.no_shows",
        "bases.bookings_honoured",
    }


async def test_a_no_show_taken_back_counts_in_no_period(office: Desk) -> None:
    await office.tell(requested("b1"))
    await office.tell(missed("b1"))
    await office.settled()
    assert await office.value("bases.no_shows") == 1
    await office.tell(not_missed("b1"))
    await office.tell(completed("b1"))
    await office.settled()
    assert await office.value("bases.no_shows") == 0
    assert await office.value("bases.no_show_rate") == 0.0


async def test_venues_halls_and_themes_are_stocks(office: Desk) -> None:
    await office.tell(venue("展厅甲", themes=4))
    await office.tell(venue("展厅乙"))
    await office.tell(venue("广场甲", "square"))
    await office.settled()
    assert await office.value("bases.halls") == 2
    assert await office.value("bases.themes") == 4
    assert await office.groups("bases.venues", "venue_kind") == {"展厅": 2, "广场": 1}


async def test_bases_and_branches_without_a_visit_are_found_and_named(office: Desk) -> None:
    await office.tell(base("基地乙", "basic"))
    await office.tell(branch("支部乙", NEXT_COMMUNITY))
    await office.tell(branch("党委甲", kind="committee"))
    await office.tell(visit("v1", visitor="支部甲"))
    await office.settled()
    assert await office.groups("bases.unvisited_bases", "base_kind") == {"基础型": 1}
    assert await office.value("bases.unvisiting_branches") == 1
    assert await office.value("bases.unvisiting_branches", area=COMMUNITY) == 0
    [behind] = await office.events("bases.unvisiting_branches")
    assert behind["aggregate_id"] == str(an_id("支部乙"))
    assert behind["type_name"] == "党组织已登记"
    may = {"from": "2019-05-01", "to": "2019-07-31"}
    assert list((await office.groups("bases.unvisited_bases", "month", **may)).values()) == [
        0,
        1,
        2,
    ]


async def test_a_branch_that_moved_away_is_missed_where_it_is_now(office: Desk) -> None:
    await office.tell(moved("支部甲", was=COMMUNITY, area=NEXT_COMMUNITY))
    await office.settled()
    assert await office.value("bases.unvisiting_branches", area=COMMUNITY) == 0
    assert await office.value("bases.unvisiting_branches", area=NEXT_COMMUNITY) == 1
    assert await office.value("bases.unvisiting_branches", area=STREET) == 1


async def test_the_events_of_a_figure_are_exactly_those_that_add_up_to_it(office: Desk) -> None:
    for n in range(7):
        at = JUNE + timedelta(days=n)
        await office.tell(visit(f"v{n}", 10 + n, VisitorLevel("city" if n % 2 else "province")), at)
    await office.tell(visit("elsewhere", 99, area="410306001001"))
    await office.tell(visit("next year", 99), at=JUNE + timedelta(days=365))
    await office.settled()
    for key in ("bases.visit_batches", "bases.visit_persons", "bases.bases"):
        listed = await office.events(key, limit=3)
        assert sum(e["amount"] for e in listed) == await office.value(key)
        assert len({(e["event_id"], e["figure"]) for e in listed}) == len(listed)
    cities = await office.events("bases.visit_persons", visitor_level="city")
    assert [e["amount"] for e in cities] == [11, 13, 15]
    assert cities[0]["dimensions"] == {
        "visitor_level": "city",
        "channel": "phone",
        "base_kind": "red",
        "purpose_kind": "",
        "base": str(an_id("基地甲")),
        "organisation": "",
    }


@pytest.mark.parametrize(
    ("path", "asked", "status", "field"),
    [
        ("/v1/figures/bases.none", {}, 404, None),
        ("/v1/figures/bases.bases", {"area": "41030"}, 422, "query.area"),
        ("/v1/figures/bases.bases", {"from": "yesterday"}, 422, "query.from"),
        ("/v1/figures/bases.bases", {"from": "2020-01-01"}, 422, "query.from"),
        ("/v1/figures/bases.bases", {"by": "colour"}, 422, "query.by"),
        ("/v1/figures/bases.bases", {"by": "month", "from": "1900-01-01"}, 422, "query.by"),
        ("/v1/figures/bases.bases", {"as_of": "2019-01-01T00:00:00"}, 422, "query.as_of"),
        ("/v1/figures/bases.bases/events", {"colour": "red"}, 422, "query.colour"),
        ("/v1/figures/bases.bases/events", {"base_kind": "a\0b"}, 422, "query.base_kind"),
        ("/v1/figures/bases.bases/events", {"cursor": "WyJhIl0"}, 422, "cursor"),
        ("/v1/figures/bases.bases/events", {"limit": "1000"}, 422, "query.limit"),
        ("/v1/figures/bases.bases", {"area": "410306"}, 403, None),
        ("/v1/summaries/work", {"format": "pdf"}, 422, "query.format"),
    ],
)
async def test_a_question_that_makes_no_sense_is_refused_by_name(
    desk: Desk, path: str, asked: dict[str, str], status: int, field: str | None
) -> None:
    answer = await desk.get(path, **asked)
    assert answer.status_code == status
    problem = answer.json()
    if field is not None:
        assert field in (problem.get("field"), *(e["field"] for e in problem.get("errors") or ()))
    if "by" in asked and asked["by"] == "colour":
        assert problem["known"] == ["month", "area", "base_kind"]


async def test_the_future_may_be_asked_for(office: Desk) -> None:
    assert await office.value("bases.bases", to="2999-12-31") == 1


async def test_without_a_token_nothing_is_told(desk: Desk) -> None:
    assert (await desk.client.get("/v1/figures")).status_code == 401
