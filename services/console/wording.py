"""Dates, instants, numbers and codes as Chinese officialdom writes them. Times in Asia/Shanghai."""

from datetime import date, datetime

from contracts.areas import LEVEL_LABEL, is_area, level_of
from contracts.kinds import BaseKind, Channel, Labelled, VenueKind, VisitorLevel
from services.chassis.clock import LOCAL

NOTHING = "—"
_LABELS: dict[str, type[Labelled]] = {
    "visitor_level": VisitorLevel,
    "channel": Channel,
    "base_kind": BaseKind,
    "venue_kind": VenueKind,
}
_WEEKDAYS = "一二三四五六日"


def number(value: float | None) -> str:
    """`1,234`, `29.5`, or a dash where there is nothing to divide by."""
    if value is None:
        return NOTHING
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def day(value: date) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


def weekday(value: date) -> str:
    return f"星期{_WEEKDAYS[value.weekday()]}"


def clock_time(value: datetime) -> str:
    return f"{value.astimezone(LOCAL):%H:%M}"


def instant(value: datetime) -> str:
    """`2019-06-30 09:05`: for tables, where all are read in a column."""
    return f"{value.astimezone(LOCAL):%Y-%m-%d %H:%M}"


def instant_to_second(value: datetime) -> str:
    """`2019年6月30日 09:05:07`: for the as-of line."""
    local = value.astimezone(LOCAL)
    return f"{day(local.date())} {local:%H:%M:%S}"


def code_label(dimension: str, code: str) -> str:
    """The Chinese label of a code; a district's own kind, unknown here, stands as it is."""
    known = _LABELS.get(dimension)
    return next((kind.label for kind in known or () if kind == code), code)


def area_level(code: str) -> str:
    return LEVEL_LABEL[level_of(code)] if is_area(code) else ""
