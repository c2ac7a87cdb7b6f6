"""Figures of the menu: what stands on it, by kind, until it is taken off."""

from collections import Counter
from typing import Any

from contracts.bases.menu import (
    MenuItemChanged,
    MenuItemPublished,
    MenuItemRetired,
    PackageChanged,
    PackagePublished,
    PackageRetired,
)
from contracts.event import Event
from services.projector.fold import tell
from tests.unit.projector.build import COMMUNITY, Log, an_id


def folded(*events: Event) -> Counter[tuple[str, str]]:
    """Figure and rolled dimension values to what the events add up to."""
    total: Counter[tuple[str, str]] = Counter()
    log = Log()
    for event in events:
        told = tell(log.write(event).body.encode())
        assert told.problem is None
        for fact in told.facts:
            total[fact.figure.removeprefix("bases."), fact.dims.replace("\x1f", "/")] += fact.amount
    return +total


def of_item(name: str = "XM-1", kind: str = "oath-renewal") -> dict[str, Any]:
    return {
        "area": COMMUNITY,
        "item_id": an_id(name),
        "base_id": an_id("基地甲"),
        "code": name,
        "name": name,
        "kind": kind,
        "duration_minutes": 30,
        "least_minutes": 30,
        "most_minutes": 30,
        "least_headcount": 1,
        "most_headcount": 40,
        "lecturer_count": 0,
        "step_count": 3,
    }


PACKAGE: dict[str, Any] = {
    "area": COMMUNITY,
    "package_id": an_id("TC-1"),
    "code": "TC-1",
    "name": "红色套餐",
    "item_ids": [an_id("XM-1")],
    "pauses_minutes": [0],
}


def test_items_are_counted_by_kind_until_they_leave_the_menu() -> None:
    first, second = MenuItemPublished(**of_item()), MenuItemPublished(**of_item("XM-2", "film"))
    changed = MenuItemChanged(**of_item(kind="theme-day"), was_kind="oath-renewal")

    assert folded(first, second) == {
        ("menu_items", "oath-renewal"): 1,
        ("menu_items", "film"): 1,
    }
    assert folded(first, second, changed) == {
        ("menu_items", "theme-day"): 1,
        ("menu_items", "film"): 1,
    }
    assert folded(first, changed, MenuItemRetired(**of_item(kind="theme-day"))) == {}


def test_a_package_counts_once_however_often_it_is_changed() -> None:
    published, changed = PackagePublished(**PACKAGE), PackageChanged(**PACKAGE)

    assert folded(published, changed) == {("packages", ""): 1}
    assert folded(published, changed, PackageRetired(**PACKAGE)) == {}
