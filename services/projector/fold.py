"""From the bytes of an event to its facts: pure, and the hot path of the projector.

A fact is what one event contributes to one figure. What the declaration says is compiled once, when
the module is imported; per event there is one decoding and a few dictionary look-ups.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, NamedTuple
from uuid import UUID

import msgspec

from contracts.areas import is_area
from services.chassis.clock import business_date
from services.projector.declare import Catalogue, Counted, Dimension, Naming, Reads
from services.projector.figures import CATALOGUE

SEPARATOR = "\x1f"
"""Between the dimension values of a fact; JSON strings with control characters are refused."""

MAX_AMOUNT = 10**12
"""Largest contribution of one event; a sum of them stays far from the end of a bigint."""

MAX_KEY = 500
"""Characters of the dimension values of a fact together, and of an id: they become index keys."""


class Fact(NamedTuple):
    """One row of table `fact`, in the order of its columns.

    `dims` holds the values of the figure's rolled-up dimensions, `refs` of its wide ones, both in
    the order of the declaration. `line` tells apart what one event adds to a figure in two places.
    """

    figure: str
    day: date
    event_id: UUID
    line: int
    type: str
    aggregate_id: UUID
    area: str
    dims: str
    refs: str
    amount: int
    occurred_at: datetime
    recorded_at: datetime


class Name(NamedTuple):
    """What something is called, as the event said; one row of table `name`."""

    family: str
    id: str
    code: str
    name: str


class Told(msgspec.Struct, frozen=True, gc=False):
    """One message, understood as far as possible.

    With a `problem` it has no facts and waits in the parking lot; where not even the envelope could
    be read, there is no aggregate either.
    """

    body: bytes
    event_id: UUID | None = None
    aggregate_id: UUID | None = None
    version: int = 0
    recorded_at: datetime | None = None
    facts: tuple[Fact, ...] = ()
    name: Name | None = None
    problem: str | None = None

    @property
    def key(self) -> str:
        """What identifies it however often it is stored: its id, or a digest where it has none."""
        return str(self.event_id or f"sha256:{hashlib.sha256(self.body).hexdigest()}")


Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class _Wire(msgspec.Struct, gc=False):
    """What the projector reads of the envelope (`contracts.event.Envelope`)."""

    id: UUID
    type: str
    subject: UUID
    time: Instant
    recordedtime: Instant
    aggregateversion: Annotated[int, msgspec.Meta(ge=1, lt=2**31)]
    data: dict[str, Any]


_decode = msgspec.json.Decoder(_Wire).decode

Data = Mapping[str, Any]
Reading = Callable[[Data], tuple[str, str, str, int] | None]
"""From an event's data to (area, dims, refs, amount); nothing where the figure is not concerned."""


class Unreadable(Exception):  # the publisher's mistake, kept with the event
    """The event does not say what its contract promises."""


def tell(body: bytes) -> Told:
    """Decode and fold one message. Never raises: what is wrong is in `problem`."""
    try:
        wire = _decode(body)
    except (msgspec.MsgspecError, ValueError) as error:
        return Told(body, problem=f"not an event: {error}")
    known = (body, wire.id, wire.subject, wire.aggregateversion, wire.recordedtime)
    try:
        if b"\\u00" in body:
            _refuse_control_characters(wire.data)
        facts, name = _facts(wire), _name(wire)
    except (Unreadable, KeyError, TypeError, ValueError, OverflowError) as error:
        return Told(*known, problem=f"{wire.type}: {error!r}")
    return Told(*known, facts, name)


def _facts(wire: _Wire) -> tuple[Fact, ...]:
    plans = _PLANS.get(wire.type)
    if plans is None:
        return ()
    day = business_date(wire.time)
    facts = []
    for figure, readings in plans:
        for line, (area, dims, refs, amount) in enumerate(_lines(readings, wire.data)):
            facts.append(
                Fact(
                    figure, day, wire.id, line, wire.type, wire.subject, area, dims, refs, amount,
                    wire.time, wire.recordedtime,
                )
            )  # fmt: skip
    return tuple(facts)


def _lines(readings: tuple[Reading, ...], data: Data) -> Iterable[tuple[str, str, str, int]]:
    if len(readings) == 1:
        found = readings[0](data)
        return (found,) if found and found[3] else ()
    sums: dict[tuple[str, str, str], int] = {}
    for reading in readings:
        found = reading(data)
        if found:
            place = found[:3]
            sums[place] = sums.get(place, 0) + found[3]
    return [(*place, amount) for place, amount in sums.items() if amount]


def _reading(read: Reads, figure: Counted) -> Reading:
    """One `Reads` as a function: nothing of the declaration is looked at again per event."""
    area_field, sign = read.field("area"), read.sign
    amount_field = read.field(read.amount) if read.amount else None
    where = tuple((read.field(name), value) for name, value in read.where.items())
    rolled = _fields(read, figure.rolled)
    wide = _fields(read, figure.wide)
    unsaid = _defaults(read, [*(name for name, _ in where), *rolled])

    def reading(data: Data) -> tuple[str, str, str, int] | None:
        if unsaid:
            data = {**data, **{k: v for k, v in unsaid.items() if data.get(k) is None}}
        for name, value in where:
            if data[name] != value:
                return None
        area = data[area_field]
        if not is_area(area):
            raise Unreadable(f"{area!r} is no area code")
        amount = sign if amount_field is None else sign * _whole(data[amount_field])
        dims = SEPARATOR.join([data[name] for name in rolled])
        refs = SEPARATOR.join([data.get(name) or "" for name in wide])
        if len(dims) > MAX_KEY:
            raise Unreadable("dimension values that long")
        return area, dims, refs, amount

    return reading


def _fields(read: Reads, dimensions: tuple[Dimension, ...]) -> tuple[str, ...]:
    return tuple(read.field(dimension.read) for dimension in dimensions)


def _defaults(read: Reads, names: Iterable[str]) -> dict[str, str | bool]:
    """What events mean that leave out an optional field, as those of an older release do."""
    fields = {name: read.event.model_fields[name] for name in names}
    return {
        name: _default(field.get_default(call_default_factory=True))
        for name, field in fields.items()
        if not field.is_required()
    }


def _default(value: object) -> str | bool:
    return value if isinstance(value, bool) else str(value or "")


def _whole(value: object) -> int:
    if type(value) is not int or abs(value) > MAX_AMOUNT:
        raise Unreadable(f"{value!r} is no whole number that can be counted")
    return value


def _name(wire: _Wire) -> Name | None:
    naming = _NAMING.get(wire.type)
    if naming is None:
        return None
    data = wire.data
    name = Name(naming.family.value, data[naming.id], data[naming.code], data[naming.name])
    if not all(isinstance(value, str) for value in name):
        raise Unreadable("a name that is no text")
    if len(name.id) > MAX_KEY:
        raise Unreadable("an id that long")
    return name


def _refuse_control_characters(data: Data) -> None:
    """PostgreSQL takes no NUL in text, and our separator must separate."""
    texts = "".join(value for value in data.values() if isinstance(value, str))
    if "\0" in texts or SEPARATOR in texts:
        raise Unreadable("control characters")


def _plans(catalogue: Catalogue) -> dict[str, tuple[tuple[str, tuple[Reading, ...]], ...]]:
    """For every event type: the figures that read it, each with its readings in order."""
    plans: dict[str, dict[str, list[Reading]]] = {}
    for figure in catalogue.counted:
        for read in figure.reads:
            readings = plans.setdefault(read.event.type, {}).setdefault(figure.key, [])
            readings.append(_reading(read, figure))
    return {
        type_: tuple((figure, tuple(readings)) for figure, readings in by_figure.items())
        for type_, by_figure in plans.items()
    }


_PLANS = _plans(CATALOGUE)
_NAMING: dict[str, Naming] = {naming.event.type: naming for naming in CATALOGUE.names}
