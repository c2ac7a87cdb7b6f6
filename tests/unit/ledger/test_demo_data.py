"""The demo's files are right before anything is started."""

from collections import Counter
from datetime import date

import pytest

from ops.demo import bases, data, office, year
from ops.demo.load import BATCHES, PERSONS
from ops.ledger import books
from ops.ledger.ledgers import VOCABULARY
from ops.ledger.model import Row
from ops.ledger.references import Register, bind
from ops.ledger.sheets import read_sheets
from ops.ledger.template import write_template

Ledgers = dict[str, list[Row]]


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory: pytest.TempPathFactory) -> Ledgers:
    """Written and read once: no test changes it."""
    path = tmp_path_factory.mktemp("demo") / "demo.xlsx"
    write_template(path, data.lines())
    found = read_sheets(books.read(path), vocabulary=VOCABULARY, today=date(2020, 1, 1))
    bind(found.rows, Register(None))
    assert not found.faults
    assert not [row.faults for row in found.rows if row.faults]
    by_name: Ledgers = {}
    for row in found.rows:
        by_name.setdefault(row.ledger.name, []).append(row)
    return by_name


def test_the_year_adds_up_to_the_real_summary(ledgers: Ledgers):
    visits = [row.values for row in ledgers["visits"]]
    assert len(visits) == BATCHES == 29
    assert sum(visit["headcount"] for visit in visits) == PERSONS == 856
    assert {visit["visitor_level"] for visit in visits} == {
        "central", "province", "city", "district",
    }  # fmt: skip
    assert {visit["channel"] for visit in visits} == {"web", "wechat", "phone", "form"}


def test_visits_are_spread_over_the_second_half_of_the_year_mostly_on_weekdays(ledgers: Ledgers):
    days = [row.values["date"] for row in ledgers["visits"]]
    assert {day.month for day in days} == {6, 7, 8, 9, 10, 11, 12}
    assert sum(day.weekday() >= 5 for day in days) == 2
    assert not [day for day in days if date(2019, 10, 1) <= day <= date(2019, 10, 7)]


def test_no_venue_receives_two_batches_at_once_or_more_than_it_holds(ledgers: Ledgers):
    capacity = {row.values["code"]: row.values["capacity"] for row in ledgers["venues"]}
    taken = Counter(
        (row.values["venue"], row.values["date"], row.values["start"]) for row in ledgers["visits"]
    )
    assert set(taken.values()) == {1}
    assert all(
        row.values["headcount"] <= capacity[row.values["venue"]] for row in ledgers["visits"]
    )


def test_two_halls_and_four_themes_stand_in_the_main_base(ledgers: Ledgers):
    halls = [row.values for row in ledgers["venues"] if row.values["kind"] == "hall"]
    assert {(hall["base"], hall["floor"]) for hall in halls} == {("JD-01", 4), ("JD-01", 5)}
    assert [theme for row in ledgers["venues"] for theme in row.values["themes"] or ()] == [
        "一个支部一个堡垒", "党建引领促发展", "一个党员一面旗帜", "回顾与展望",
    ]  # fmt: skip
    assert {row.values["kind"] for row in ledgers["bases"]} == {
        "basic", "red", "public-welfare", "technology",
    }  # fmt: skip


def test_every_reference_of_the_demo_leads_to_a_row_of_its_own(ledgers: Ledgers):
    for ledger in ledgers.values():
        for row in ledger:
            referring = {
                column.field
                for column in row.ledger.columns
                if column.refers and row.values.get(column.field) is not None
            }
            assert referring == set(row.targets), row.values


def test_every_street_has_a_committee_and_every_community_a_branch(ledgers: Ledgers):
    places = Counter((row.values["area"], row.values["kind"]) for row in ledgers["organisations"])
    for area in (str(row.values["code"]) for row in ledgers["areas"]):
        kind = {6: "working-committee", 9: "working-committee", 12: "branch"}[len(area)]
        assert places[area, kind] >= 1, area


def test_the_office_writes_down_members_but_nobody(ledgers: Ledgers):
    members = [row.values for row in ledgers["members"]]
    full = Counter(member["organisation"] for member in members if member["state"] == "full")
    assert sum(full.values()) == office.MEMBERS == 362
    assert set(full) == set(office.BRANCHES)
    assert min(full.values()) > 50  # every branch is over what a branch should have
    for personal in ("name", "identity_number", "phone"):
        assert {member.get(personal) for member in members} == {None}
    invented = {str(row.values["name"]) for row in ledgers["instructors"]}
    assert invented == {"示例甲", "示例乙", "示例丙", "示例丁"}
    lecturers = [row.values for row in ledgers["lecturers"]]
    assert {str(lecturer["name"])[:2] for lecturer in lecturers} == {"测试"}
    assert {lecturer["phone"] for lecturer in lecturers} == {None}


def test_exact_funds_and_lower_bounds_stand_apart(ledgers: Ledgers):
    fen: Counter[str] = Counter()
    for row in ledgers["funds"]:
        fen[str(row.values["amount_bound"])] += int(str(row.values["amount"]))
    assert fen == {"exact": office.FUNDS_WAN * 1_000_000, "at-least": 280 * 1_000_000}


def test_the_office_works_on_weekdays_in_the_demo_year(ledgers: Ledgers):
    activities = [row.values for row in ledgers["activities"]]
    days = [activity["date"] for activity in activities if activity["kind"] != "festivity"]
    assert {day.month for day in days} == set(range(1, 13))
    assert not [day for day in days if day.year != year.YEAR or day.weekday() >= year.SATURDAY]


def test_what_was_held_at_bases_adds_up_to_what_is_stated(ledgers: Ledgers):
    for ledger, counted, times, persons in (
        ("sessions", "attended", bases.SESSIONS, bases.LISTENERS),
        ("film-occasions", "headcount", bases.SHOWINGS, bases.VIEWERS),
        ("training-occasions", "headcount", bases.TRAININGS, bases.TRAINEES),
        ("tour-occasions", "headcount", bases.TOURS, bases.TOURISTS),
    ):
        held = [row.values[counted] for row in ledgers[ledger]]
        assert (len(held), sum(held)) == (times, persons), ledger
    assert len(ledgers["guide_shifts"]) == bases.SHIFTS


def test_nothing_is_held_at_a_base_before_it_opened_or_while_it_was_closed(ledgers: Ledgers):
    opened = {row.values["base"]: row.values["effective_from"] for row in ledgers["opening_hours"]}
    assert opened == {row.values["code"]: row.values["since"] for row in ledgers["bases"]}
    closed = [
        (row.values["base"], row.values["venue"], row.values["date"], row.values["last"])
        for row in ledgers["closures"]
    ]
    held = (
        (row.values["base"], row.values.get("venue"), row.values.get("date", row.values.get("day")))
        for name in (
            "visits",
            "film-occasions",
            "training-occasions",
            "tour-occasions",
            "guide_shifts",
        )
        for row in ledgers[name]
    )
    for base, venue, day in held:
        assert day >= opened[base]
        assert not [
            first
            for at, room, first, last in closed
            if at == base and room in {None, venue} and first <= day <= last
        ]


def test_the_main_base_is_open_every_day_of_the_week_for_the_bookings_of_the_demo(ledgers: Ledgers):
    (main,) = (r for r in ledgers["opening_hours"] if r.values["base"] == data.MAIN_BASE)
    assert {main.values[day] for day in (*bases.WORKING, *bases.WEEKEND)} == {("08:00-21:00",)}


def test_a_package_has_only_items_that_its_bases_offer(ledgers: Ledgers):
    offered = {
        row.values["code"]: (row.values["base"], row.values["area"])
        for row in ledgers["menu_items"]
    }
    for package in ledgers["packages"]:
        parts = [part.split("\x1f")[0] for part in package.values["parts"]]
        by = (package.values["base"], package.values["area"])
        assert {offered[part] for part in parts} == {by}
    assert {"关爱服务队", "百姓影院", "公益活动日", "拉手屋", "音乐社"} <= {
        row.values["name"] for row in ledgers["menu_items"]
    }
    assert all(row.values["steps"] for row in ledgers["menu_items"])
