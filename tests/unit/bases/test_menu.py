"""The menu: what contradicts itself, what suits a venue, how a package is laid out."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.bases.api.menu.printed import Line, lines_of
from services.bases.domain import menu
from services.bases.domain.menu import Details, Item, Package, Part, Step
from services.chassis.clock import LOCAL
from tests.unit.bases.build import but

COMMUNITY = "410305001001"
BASE = uuid4()
STEPS = (Step(title="列队", minutes=5), Step(title="领誓", minutes=25, needs="党旗"))


def details(**given: Any) -> Details:
    said: dict[str, Any] = {
        "name": "重温入党誓词",
        "kind": "oath-renewal",
        "duration_minutes": 30,
        "least_minutes": 30,
        "most_minutes": 60,
        "least_headcount": 5,
        "most_headcount": 40,
        "venue_kinds": ("hall", "square"),
        "equipment_kinds": [],
        "skill_code": None,
        "lecturer_count": 0,
        "steps": STEPS,
    }
    return Details(**said | given)


def item(base_id: UUID | None = BASE, area: str = COMMUNITY, **given: Any) -> Item:
    return Item(
        item_id=uuid4(),
        code="XM-1",
        area=area,
        base_id=base_id,
        details=details(**given),
        retired_on=None,
        version=1,
    )


@dataclass(frozen=True)
class Venue:
    base_id: UUID = BASE
    area: str = COMMUNITY
    kind: str = "hall"


# What an item may say of itself


def test_an_activity_menu_item_with_its_run_sheet_is_published_whole():
    event = menu.publish(item())

    assert (event.kind, event.duration_minutes, event.step_count) == ("oath-renewal", 30, 2)
    assert (event.least_headcount, event.most_headcount) == (5, 40)


def test_steps_may_fill_the_duration_to_the_minute_and_not_one_beyond():
    menu.check(details(steps=(Step(title="全程", minutes=30),)))

    with pytest.raises(menu.StepsTooLong) as refused:
        menu.check(details(steps=(*STEPS, Step(title="合影", minutes=1))))

    assert refused.value.facts == {"field": "steps", "minutes": 31, "most": 30}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"least_minutes": 61}, "most_minutes"),
        ({"least_minutes": 31}, "duration_minutes"),
        ({"most_minutes": 60, "duration_minutes": 61}, "duration_minutes"),
        ({"least_headcount": 41}, "most_headcount"),
        ({"lecturer_count": 1}, "lecturer_count"),
        ({"skill_code": "theory"}, "lecturer_count"),
    ],
)
def test_what_contradicts_itself_is_refused_in_its_field(given, field):
    with pytest.raises(menu.ItemOutOfOrder) as refused:
        menu.check(details(**given))

    assert refused.value.facts["field"] == field


def test_a_lecturer_is_asked_for_by_skill_and_number():
    menu.check(details(skill_code="theory", lecturer_count=2))


def test_a_change_says_what_kind_it_was_and_none_says_nothing():
    was = item()

    changed = menu.change(was, but(was, details=details(kind="theme-day")))

    assert changed is not None
    assert (changed.kind, changed.was_kind) == ("theme-day", "oath-renewal")
    assert menu.change(was, but(was)) is None


def test_what_left_the_menu_is_neither_changed_nor_retired_again():
    gone = but(item(), retired_on=date(2026, 1, 1))

    with pytest.raises(menu.ItemRetired):
        menu.change(gone, but(gone, details=details(name="新名")))
    with pytest.raises(menu.ItemRetired):
        menu.retire(gone, [])


def test_an_item_of_a_package_stays_on_the_menu_as_long_as_the_package():
    with pytest.raises(menu.ItemInPackage) as refused:
        menu.retire(item(), ["TC-1"])

    assert refused.value.facts["packages"] == ["TC-1"]
    assert menu.retire(item(), []).code == "XM-1"


# What a booking asks


@pytest.mark.parametrize("minutes", [30, 60])
@pytest.mark.parametrize("headcount", [5, 40])
def test_both_ends_of_the_ranges_suit(minutes, headcount):
    menu.suits(item(), Venue(), minutes, headcount)


@pytest.mark.parametrize("minutes", [29, 61])
def test_too_little_or_too_much_time_names_the_range_that_is_right(minutes):
    with pytest.raises(menu.ItemNeedsTime) as refused:
        menu.suits(item(), Venue(), minutes, 20)

    assert refused.value.facts == {"field": "ends_at", "least": 30, "most": 60}


@pytest.mark.parametrize("headcount", [4, 41])
def test_too_small_or_too_large_a_group_names_the_range_that_is_right(headcount):
    with pytest.raises(menu.ItemGroupSize) as refused:
        menu.suits(item(), Venue(), 30, headcount)

    assert refused.value.facts == {"field": "headcount", "least": 5, "most": 40}


def test_a_venue_of_another_kind_is_refused_with_those_that_suit():
    with pytest.raises(menu.ItemNeedsVenue) as refused:
        menu.suits(item(), Venue(kind="library"), 30, 20)

    assert refused.value.facts == {"field": "venue_id", "suitable": ["hall", "square"]}
    assert "展厅、广场" in (refused.value.zh or "")
    menu.suits(item(venue_kinds=()), Venue(kind="library"), 30, 20)


def test_an_item_is_had_at_its_base_or_anywhere_in_its_area():
    everywhere = item(base_id=None, area="410305")
    menu.suits(everywhere, Venue(base_id=uuid4()), 30, 20)

    with pytest.raises(menu.ItemNotOffered):
        menu.suits(item(), Venue(base_id=uuid4()), 30, 20)
    with pytest.raises(menu.ItemNotOffered):
        menu.suits(item(base_id=None, area="410306"), Venue(), 30, 20)
    with pytest.raises(menu.ItemRetired):
        menu.suits(but(item(), retired_on=date(2026, 1, 1)), Venue(), 30, 20)


# Packages


def package(*items: Item, base_id: UUID | None = BASE, area: str = COMMUNITY) -> Package:
    return Package(
        package_id=uuid4(),
        code="TC-1",
        area=area,
        base_id=base_id,
        name="红色套餐",
        parts=[Part(item_id=each.item_id, pause_minutes=10 * n) for n, each in enumerate(items)],
        retired_on=None,
    )


def test_a_package_offers_only_what_whoever_offers_it_offers_too():
    own, of_area, elsewhere = item(), item(base_id=None), item(base_id=uuid4())

    event = menu.publish_package(package(own, of_area), [own, of_area])
    assert (event.item_ids, event.pauses_minutes) == ([own.item_id, of_area.item_id], [0, 10])

    with pytest.raises(menu.ItemNotOffered):
        menu.publish_package(package(own, elsewhere), [own, elsewhere])
    with pytest.raises(menu.ItemNotOffered):  # the area's package is had at every base of it
        menu.publish_package(package(own, base_id=None), [own])
    with pytest.raises(menu.ItemNotOffered):  # the item's area is narrower
        menu.publish_package(package(of_area, base_id=None, area="410305"), [of_area])


def test_a_package_has_nothing_that_left_the_menu():
    gone = but(item(), retired_on=date(2026, 1, 1))

    with pytest.raises(menu.ItemRetired):
        menu.publish_package(package(gone), [gone])


def test_a_package_that_left_the_menu_is_not_changed():
    was = but(package(item()), retired_on=date(2026, 1, 1))

    with pytest.raises(menu.PackageWithdrawn):
        menu.change_package(was, but(was, name="新名"), [])
    with pytest.raises(menu.PackageWithdrawn):
        menu.retire_package(was)


def test_items_of_a_package_follow_back_to_back_but_for_the_pauses():
    nine = datetime(2026, 6, 11, 9, tzinfo=LOCAL)
    parts = [
        (Part(item_id=uuid4(), pause_minutes=0), details()),
        (Part(item_id=uuid4(), pause_minutes=10), details(duration_minutes=45)),
        (Part(item_id=uuid4(), pause_minutes=0), details()),
    ]

    found = menu.laid_out(parts, nine)

    assert [(a - nine, b - nine) for a, b in found] == [
        (timedelta(minutes=a), timedelta(minutes=b)) for a, b in ((0, 30), (40, 85), (85, 115))
    ]


# On paper


def test_a_run_sheet_lists_its_steps_one_after_another():
    assert lines_of(details(), 10) == [Line(10, 15, "列队", ""), Line(15, 40, "领誓", "党旗")]
    assert lines_of(details(steps=()), 10) == [Line(10, 40, "重温入党誓词", "")]
