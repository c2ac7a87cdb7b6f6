"""View models: JSON of the services in, what templates need out."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from contracts.areas import AreaLevel
from contracts.kinds import BookingStatus
from services.console import assets, wording
from services.console.clients.bases import Booking, Closure, Venue
from services.console.clients.membership import Area
from services.console.clients.projector import (
    Declared,
    Events,
    Figure,
    Happened,
    Sentence,
    Summary,
    SummaryNumber,
    SummarySection,
)
from services.console.period import chosen_period
from services.console.session import outermost
from services.console.views.areas import deepest, picker
from services.console.views.figure import Names, event_table, narrowed
from services.console.views.links import Here
from services.console.views.overview import (
    ABSENTEES,
    SHELVES,
    breakdown,
    nothing_happened,
    shelves,
    trend,
)
from services.console.views.summary import document, runs
from services.console.views.timetable import GONE, SHOWN, assign_lanes, day_plan
from services.projector.figures import CATALOGUE

YEAR = chosen_period("2019-01-01", "2019-12-31")
HERE = Here("410305", YEAR)
AS_OF = datetime(2026, 11, 21, 3, 31, 56, tzinfo=UTC)
VENUE, OTHER_VENUE = uuid4(), uuid4()


def figure(key: str = "bases.visit_batches", value: float | None = 29, **more: object) -> Figure:
    told = {
        "key": key,
        "name": "接待批次",
        "unit": "批次",
        "kind": "flow",
        "area": "410305",
        "area_name": "涧西区",
        "as_of": AS_OF,
        "value": value,
    }
    return Figure.model_validate(told | more)


def declared(key: str = "bases.visit_batches", kind: str = "flow", *dimensions: str) -> Declared:
    named = [{"key": d, "name": wording.code_label("dimension", d)} for d in dimensions]
    return Declared.model_validate(
        {"key": key, "name": "接待批次", "unit": "批次", "kind": kind, "dimensions": named}
    )


def event(amount: float, **more: object) -> Happened:
    told = {
        "event_id": uuid4(),
        "type": "jiceng.bases.visit.completed.v1",
        "type_name": "接待已完成",
        "figure": "bases.visit_persons",
        "aggregate_id": uuid4(),
        "occurred_at": datetime(2019, 6, 18, 1, tzinfo=UTC),
        "recorded_at": AS_OF,
        "area": "410305001",
        "amount": amount,
        "dimensions": {"channel": "web", "base": "b-1"},
    }
    return Happened.model_validate(told | more)


def booking(start: str, end: str, status: str = "confirmed", **more: object) -> Booking:
    told = {
        "booking_id": uuid4(),
        "status": status,
        "venue_id": VENUE,
        "organisation_name": "天四社区第一党支部",
        "starts_at": f"2026-11-21T{start}:00+08:00",
        "ends_at": f"2026-11-21T{end}:00+08:00",
        "headcount": 30,
        "channel": "web",
        "visitor_level": "district",
    }
    return Booking.model_validate(told | more)


def venue(venue_id: UUID = VENUE, name: str = "四楼展厅") -> Venue:
    return Venue(
        venue_id=venue_id, base_id=uuid4(), code="V1", name=name, kind="hall", capacity=80, floor=4
    )


# --- areas ---


@pytest.mark.parametrize(
    ("codes", "chosen"),
    [
        (["410305", "410305006", "410305006001"], "410305006001"),
        (["410305", "410305007", "410305006001"], "410305007"),
        (["410305", "", ""], "410305"),
        (["", None, "nonsense"], None),
    ],
)
def test_a_narrower_area_that_lies_elsewhere_is_dropped(
    codes: list[str | None], chosen: str | None
) -> None:
    assert deepest(codes) == chosen


def area(code: str, name: str, level: AreaLevel) -> Area:
    return Area(code=code, name=name, level=level)


LISTED = {
    AreaLevel.DISTRICT: [area("410305", "涧西区", AreaLevel.DISTRICT)],
    AreaLevel.STREET: [
        area("410305001", "湖北路街道", AreaLevel.STREET),
        area("410305006", "重庆路街道", AreaLevel.STREET),
    ],
}


def test_a_district_may_be_seen_whole_and_its_streets_chosen() -> None:
    made = picker("410305006", ["410305"], LISTED)
    district, street, community = made.choices
    assert (district.whole, street.whole, community.whole) == (None, "全部街道", "全部社区")
    assert street.chosen == "410305006"
    assert (made.path, made.name) == ("涧西区 重庆路街道", "重庆路街道")


def test_who_may_see_one_street_is_offered_no_other_and_not_the_whole_district() -> None:
    _, street, _ = picker("410305006", ["410305006"], LISTED).choices
    assert [option.label for option in street.options] == ["重庆路街道"]
    assert street.whole is None


def test_grants_inside_others_add_nothing() -> None:
    assert outermost(("410305006", "410305", "4103")) == ("4103",)
    assert outermost(("410305006001", "410306")) == ("410306", "410305006001")


# --- overview ---


def test_every_figure_of_the_catalogue_is_shown_also_one_nobody_placed() -> None:
    catalogue = [declared(), declared("new.figure")]
    figures = {entry.key: figure(entry.key) for entry in catalogue}
    made = shelves(catalogue, figures, HERE)
    assert [shelf.title for shelf in made] == ["参观接待", "其他指标"]
    assert made[1].cards[0].key == "new.figure"


def test_every_figure_of_bases_has_a_shelf_and_every_place_on_one_a_figure() -> None:
    placed = [key for _, keys in SHELVES for key in keys] + [key for key, _ in ABSENTEES]
    assert len(placed) == len({*placed})
    assert {key for key in CATALOGUE.figures if key.startswith("bases.")} <= {*placed}
    assert {*placed} <= {*CATALOGUE.figures}


def test_a_card_leads_to_its_events_as_they_were_when_the_number_was_read() -> None:
    [shelf] = shelves([declared()], {"bases.visit_batches": figure(value=1234)}, HERE)
    [card] = shelf.cards
    assert (card.number, card.unit, card.basis) == ("1,234", "批次", "本期")
    assert card.href.startswith("/figures/bases.visit_batches?area=410305&from=2019-01-01")
    assert "as_of=2026-11-21T03%3A31%3A56%2B00%3A00" in card.href


def test_nothing_to_divide_by_is_a_dash_without_a_unit() -> None:
    ratio = figure(value=None, kind="ratio")
    [shelf] = shelves([declared(kind="ratio")], {ratio.key: ratio}, HERE)
    assert (shelf.cards[0].number, shelf.cards[0].unit) == ("—", "")


def test_a_trend_tells_its_peak_aloud_and_each_month_leads_to_its_own_events() -> None:
    groups = [
        {"key": "2019-06", "label": "2019年6月", "value": 6},
        {"key": "2019-12", "label": "2019年12月", "value": 3},
    ]
    made = trend(figure(groups=groups), HERE)
    assert "最高为2019年6月，6批次" in made.chart
    assert "from=2019-12-01&to=2019-12-31" in made.steps[1].href


def test_a_trend_of_nothing_draws_no_empty_axes() -> None:
    groups = [{"key": "2019-06", "label": "2019年6月", "value": 0}]
    assert not trend(figure(groups=groups), HERE).chart


def test_rows_tell_batches_and_persons_and_lead_to_their_events_or_area() -> None:
    batches = figure(groups=[{"key": "city", "label": "市", "value": 9}])
    persons = figure(groups=[{"key": "city", "label": "市", "value": 284}])
    [row] = breakdown("按来访层级", "visitor_level", batches, persons, HERE).rows
    assert (row.batches, row.persons) == ("9", "284")
    assert "visitor_level=city" in row.href
    by_area = figure(groups=[{"key": "410305001", "label": "湖北路街道", "value": 0}])
    [row] = breakdown("按下级区划", "area", by_area, by_area, HERE).rows
    assert row.href.startswith("/?area=410305001&")
    assert row.nil


def test_only_flows_tell_whether_anything_happened() -> None:
    stock = figure("bases.bases", 6, kind="stock")
    assert nothing_happened({"a": figure(value=0), "b": stock})
    assert not nothing_happened({"a": figure(value=1), "b": stock})
    assert not nothing_happened({})


# --- the events behind a number ---


def test_amounts_of_a_whole_list_are_compared_with_the_number() -> None:
    events = Events(items=[event(28), event(24)])
    agreeing = event_table(declared(), events, Names(), 52, first_page=True)
    assert (agreeing.shown, agreeing.agrees) == ("52", "与指标数一致")
    other = event_table(declared(), events, Names(), 53, first_page=True)
    assert other.agrees == "与指标数 53 不一致"
    part = event_table(
        declared(), Events(items=events.items, next="c"), Names(), 99, first_page=True
    )
    assert (part.whole, part.agrees) == (False, "")


def test_parts_of_a_unit_agree_with_a_number_that_was_rounded() -> None:
    thirds = Events(items=[event(20 / 60), event(30 / 60)])
    table = event_table(declared(), thirds, Names(), 0.8, first_page=True)
    assert (table.shown, table.agrees) == ("0.8", "与指标数一致")


def test_codes_and_ids_are_shown_by_their_names() -> None:
    names = Names(areas={"410305001": "湖北路街道"}, bases={"b-1": "示范基地"})
    table = event_table(
        declared("k", "flow", "channel", "base"),
        Events(items=[event(1)]),
        names,
        1,
        first_page=True,
    )
    [row] = table.rows
    assert row.details == ("电脑", "示范基地")
    assert (row.area, row.amount, row.late) == ("湖北路街道", "+1", True)
    assert row.occurred == "2019-06-18 09:00"


def test_what_an_event_takes_back_is_shown_with_a_minus() -> None:
    table = event_table(declared(), Events(items=[event(-1)]), Names(), -1, first_page=True)
    assert table.rows[0].amount == "−1"


def test_the_events_of_a_ratio_say_which_part_they_count_in() -> None:
    names = Names(figures={"bases.visit_persons": "接待人次"})
    table = event_table(
        declared("r", "ratio", "channel"), Events(items=[event(30)]), names, 29.5, first_page=True
    )
    assert table.columns[0] == "计入指标"
    assert table.rows[0].details == ("接待人次", "电脑")


def test_those_counted_as_absent_are_named() -> None:
    missing = event(1)
    names = Names(bases={str(missing.aggregate_id): "周山生态教育基地"})
    table = event_table(declared("a", "absent"), Events(items=[missing]), names, 1, first_page=True)
    assert table.rows[0].details == ("周山生态教育基地",)


def test_a_narrowed_list_says_so() -> None:
    narrow = narrowed(declared("k", "flow", "channel"), {"channel": "web"}, Names())
    assert narrow == ("channel：电脑",)


# --- a day of a base ---

DAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)


def test_bookings_stand_on_a_scale_of_quarters_of_hours() -> None:
    plan = day_plan([venue()], [booking("09:00", "10:30")], [], DAY, NOON)
    assert (plan.hours[0], plan.columns) == ("8:00", 40)
    [block] = plan.venues[0].blocks
    assert (block.start, block.end, block.time) == (5, 11, "09:00–10:30")
    assert block.status_label == "已确认"
    assert plan.now_column == 17


def test_the_scale_grows_to_hold_early_and_late_bookings_and_clips_at_midnight() -> None:
    late = booking("19:10", "20:10", ends_at="2026-11-22T02:00:00+08:00")
    plan = day_plan([venue()], [booking("06:30", "07:00"), late], [], DAY, NOON)
    assert (plan.hours[0], plan.hours[-1]) == ("6:00", "23:00")
    assert plan.venues[0].blocks[1].end == plan.columns + 1


def test_overlapping_bookings_of_a_shared_venue_stand_in_lanes() -> None:
    row = [booking("09:00", "11:00"), booking("10:00", "12:00"), booking("11:00", "12:00")]
    assert assign_lanes(row) == [0, 1, 0]
    assert day_plan([venue()], row, [], DAY, NOON).venues[0].lanes == 2


def test_what_came_to_nothing_is_not_expected_and_only_no_shows_stay_on_the_scale() -> None:
    row = [
        booking("09:00", "10:00", "checked-in", actual_headcount=28),
        booking("10:00", "11:00", "cancelled"),
        booking("10:00", "11:00", "declined"),
        booking("10:00", "11:00", "lapsed"),
        booking("11:00", "12:00", "no-show"),
        booking("14:00", "15:00", "pending"),
        booking("15:00", "16:00", "endorsed"),
        booking("16:00", "17:00", "offered"),
    ]
    plan = day_plan([venue()], row, [], DAY, NOON)
    told = {tally.label: tally.number for tally in plan.tallies}
    assert told == {
        "有效预约": "3",
        "预约人数": "90",
        "已到": "28",
        "待审批": "2",
        "未成行": "4",
    }
    assert [(block.status_label, block.freed) for block in plan.venues[0].blocks] == [
        ("已签到", False),
        ("未到场", True),
        ("待确认", False),
        ("待复核", False),
        ("候补保留", False),
    ]
    assert plan.venues[0].lanes == 1
    assert [(given.status_label, given.text) for given in plan.gone] == [
        (label, "10:00–11:00 四楼展厅 天四社区第一党支部，预约30人")
        for label in ("已取消", "未批准", "已失效")
    ]
    assert plan.venues[0].blocks[0].people == "实到28人（预约30人）"


def test_a_venue_without_bookings_is_listed_empty() -> None:
    rooms = [venue(), venue(OTHER_VENUE, "会议室")]
    plan = day_plan(rooms, [booking("09:00", "10:00")], [], DAY, NOON)
    assert [len(day.blocks) for day in plan.venues] == [1, 0]


def test_every_status_stands_on_the_scale_or_below_it_and_has_a_look() -> None:
    assert {*SHOWN, *GONE} == {*BookingStatus}
    rules = (assets.OURS / "console.css").read_text()
    assert [status for status in BookingStatus if f".{status} {{ --tone" not in rules] == [
        BookingStatus.CANCELLED,
        BookingStatus.DECLINED,
    ]
    assert ".cancelled, .declined, .lapsed { --tone" in rules


def closure(starts: str, ends: str, venue_id: UUID | None = None, **more: object) -> Closure:
    told = {
        "venue_id": venue_id,
        "starts_at": f"2026-11-{starts}:00+08:00",
        "ends_at": f"2026-11-{ends}:00+08:00",
        "reason_kind": "maintenance",
    }
    return Closure.model_validate(told | more)


def test_a_closure_of_the_base_shuts_every_venue_and_one_of_a_venue_only_that() -> None:
    whole = closure("20T00:00", "22T00:00")
    afternoon = closure("21T14:00", "21T16:00", OTHER_VENUE)
    plan = day_plan([venue(), venue(OTHER_VENUE)], [], [whole, afternoon], DAY, NOON)
    [[one], [_, other]] = [each.closures for each in plan.venues]
    assert (one.reason, one.time, one.start, one.end) == ("设施维护", "全天", 1, 41)
    assert (other.time, other.start, other.end) == ("14:00起至16:00", 25, 33)


def test_what_was_withdrawn_or_lies_outside_the_hours_shuts_nothing() -> None:
    withdrawn = closure("21T09:00", "21T12:00", reopens_at="2026-11-21T09:00:00+08:00")
    sooner = closure("21T09:00", "21T12:00", reopens_at="2026-11-21T10:00:00+08:00")
    night = closure("21T20:00", "21T23:00")
    plan = day_plan([venue()], [], [withdrawn, sooner, night], DAY, NOON)
    assert [(shut.start, shut.end) for shut in plan.venues[0].closures] == [(5, 9)]


def test_the_present_is_marked_only_on_its_own_day() -> None:
    assert day_plan([venue()], [], [], date(2026, 11, 20), NOON).now_column is None


# --- the work summary ---


def number(value: float, unit: str, key: str = "bases.visit_batches") -> SummaryNumber:
    return SummaryNumber(figure=key, name="接待批次", value=value, unit=unit)


def test_each_number_of_a_sentence_leads_to_its_events() -> None:
    said = Sentence(
        text="接待各级党组织参观学习29批次、856人次，平均每批次29.5人次。",
        numbers=[number(29, "批次"), number(856, "人次"), number(29.5, "人次")],
    )
    made = runs(said, HERE, AS_OF)
    assert "".join(run.text for run in made) == said.text
    assert [run.text for run in made if run.href] == ["29批次", "856人次", "29.5人次"]


def test_a_number_is_not_found_inside_a_longer_one() -> None:
    said = Sentence(text="共156人次，其中56人次。", numbers=[number(56, "人次")])
    [linked] = [run for run in runs(said, HERE, None) if run.href]
    assert linked.text == "56人次"
    assert runs(said, HERE, None)[0].text == "共156人次，其中"


def test_a_number_said_in_words_breaks_nothing() -> None:
    said = Sentence(text="本期没有受理预约。", numbers=[number(0, "次")])
    assert [run.text for run in runs(said, HERE, None)] == ["本期没有受理预约。"]


def test_the_basis_of_a_document_is_broken_only_between_its_parts() -> None:
    told = Summary(
        title="总结",
        area_name="涧西区",
        as_of=AS_OF,
        basis="统计范围：涧西区；统计期间：2019年；数据截至现在。",
        sections=[SummarySection(title="一、情况", sentences=[])],
    )
    made = document(told, HERE)
    assert made.basis == ("统计范围：涧西区；", "统计期间：2019年；", "数据截至现在。")
    assert made.sections[0].heading == "一、情况"


# --- wording ---


@pytest.mark.parametrize(
    ("value", "said"), [(1234, "1,234"), (29.5, "29.5"), (30.0, "30"), (None, "—"), (0, "0")]
)
def test_numbers_are_written_as_in_a_report(value: float | None, said: str) -> None:
    assert wording.number(value) == said


def test_instants_are_told_in_shanghai() -> None:
    evening = datetime(2019, 12, 31, 16, 30, tzinfo=UTC)
    assert wording.instant(evening) == "2020-01-01 00:30"
    assert wording.instant_to_second(evening) == "2020年1月1日 00:30:00"


def test_no_code_that_figures_are_split_by_stands_raw() -> None:
    raw = {
        (dimension.key, code)
        for figure in CATALOGUE.counted
        for dimension in figure.dimensions
        for code in dimension.labels
        if wording.code_label(dimension.key, code) == code
    }
    assert raw == set()


def test_a_kind_that_a_district_added_stands_by_its_code() -> None:
    assert wording.code_label("base_kind", "red") == "红色型"
    assert wording.code_label("base_kind", "harbour") == "harbour"
