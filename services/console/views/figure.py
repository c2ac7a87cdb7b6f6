"""The events behind a number: what each was, when, where, and what it added."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.console import wording
from services.console.clients.projector import Declared, Events, FigureKind, Happened

MOST_DIGITS = 2
ROUNDED_OFF = 0.05
"""How far a number that is shown with one decimal may be from what its events add up to."""


@dataclass(frozen=True)
class Names:
    """Names of what events refer to by id or code; what is unknown stands as it is."""

    areas: Mapping[str, str] = field(default_factory=dict)
    bases: Mapping[str, str] = field(default_factory=dict)
    organisations: Mapping[str, str] = field(default_factory=dict)
    figures: Mapping[str, str] = field(default_factory=dict)

    def of(self, dimension: str, value: str) -> str:
        if not value:
            return wording.NOTHING
        match dimension:
            case "base":
                return self.bases.get(value, "（名称未知）")
            case "organisation":
                return self.organisations.get(value, "（名称未知）")
            case _:
                return wording.code_label(dimension, value)


@dataclass(frozen=True)
class EventRow:
    event_id: str
    occurred: str
    recorded: str
    late: bool
    """Entered on a later day than it happened (补录)."""
    what: str
    area: str
    details: tuple[str, ...]
    amount: str


@dataclass(frozen=True)
class EventTable:
    columns: tuple[str, ...]
    rows: tuple[EventRow, ...]
    shown: str
    """What the amounts of this page add up to."""
    whole: bool
    """The page is all there is."""
    agrees: str
    """Whether the amounts add up to the number; said only where all are on the page."""


def event_table(
    declared: Declared, events: Events, names: Names, number: float | None, *, first_page: bool
) -> EventTable:
    ratio = declared.kind is FigureKind.RATIO
    absent = declared.kind is FigureKind.ABSENT
    dimensions = [] if absent else declared.dimensions
    columns = (("计入指标",) if ratio else ()) + (("名称",) if absent else ())
    columns += tuple(dimension.name for dimension in dimensions)
    rows = tuple(_row(event, _details(event, declared, names), names) for event in events.items)
    total = round(sum(event.amount for event in events.items), MOST_DIGITS)
    whole = first_page and events.next is None
    agrees = ""
    if whole and declared.kind is not FigureKind.VARIETY:
        same = number is not None and abs(total - number) <= ROUNDED_OFF
        agrees = "与指标数一致" if same else f"与指标数 {wording.number(number)} 不一致"
    return EventTable(columns, rows, wording.number(total), whole, agrees)


def _details(event: Happened, declared: Declared, names: Names) -> tuple[str, ...]:
    if declared.kind is FigureKind.ABSENT:
        identity = str(event.aggregate_id)
        return (names.bases.get(identity) or names.organisations.get(identity) or "（名称未知）",)
    told = tuple(names.of(d.key, event.dimensions.get(d.key, "")) for d in declared.dimensions)
    if declared.kind is FigureKind.RATIO:
        return (names.figures.get(event.figure, event.figure), *told)
    return told


def _row(event: Happened, details: tuple[str, ...], names: Names) -> EventRow:
    occurred, recorded = wording.instant(event.occurred_at), wording.instant(event.recorded_at)
    return EventRow(
        event_id=str(event.event_id),
        occurred=occurred,
        recorded=recorded,
        late=occurred[:10] < recorded[:10],
        what=event.type_name,
        area=names.areas.get(event.area, event.area),
        details=details,
        amount=signed(event.amount),
    )


def signed(amount: float) -> str:
    return f"+{wording.number(amount)}" if amount > 0 else wording.number(amount).replace("-", "−")


def narrowed(declared: Declared, where: Mapping[str, str], names: Names) -> tuple[str, ...]:
    """The dimension values a list is narrowed to: `来访层级：市`."""
    known = {dimension.key: dimension.name for dimension in declared.dimensions}
    return tuple(f"{known[key]}：{names.of(key, value)}" for key, value in where.items())


def distinct(events: Sequence[Happened], dimension: str) -> list[str]:
    found = {event.dimensions.get(dimension, "") for event in events}
    return sorted(found - {""})
