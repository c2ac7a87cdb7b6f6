"""The words a figure is declared in. `figures` uses them; everything else only reads them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeVar

from contracts.event import Event
from contracts.kinds import Labelled


class FigureKind(StrEnum):
    FLOW = "flow"
    STOCK = "stock"
    RATIO = "ratio"
    ABSENT = "absent"
    VARIETY = "variety"


class Family(StrEnum):
    """Things whose names are learnt from events, for labels."""

    AREA = "area"
    BASE = "base"
    ORGANISATION = "organisation"
    KIND = "kind"
    EMPLOYER = "employer"


@dataclass(frozen=True)
class Dimension:
    """One way to split a figure, by a field of its events.

    `read` is the field. A wide dimension has too many values to be rolled up by: it is answered
    from the facts. Kinds that a district may add to name their family: labels learnt from events
    then go before those that the project seeded. `units` are of the values that are not counted in
    the figure's unit: 38 名, 23 份 in a figure of 项.
    """

    key: str
    name: str
    read: str
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)
    family: Family | None = None
    wide: bool = False
    kinds: str = ""
    units: Mapping[str, str] = field(default_factory=dict, hash=False)

    @classmethod
    def of_family(
        cls, key: str, name: str, family: str, seeded: type[Labelled], read: str = ""
    ) -> "Dimension":
        """By kinds of `family` (as in the services' tables of kinds), which began as `seeded`."""
        return replace(cls.of_kinds(key, name, seeded, read), kinds=family)

    @classmethod
    def of_kinds(cls, key: str, name: str, kinds: type[Labelled], read: str = "") -> "Dimension":
        return cls(key, name, read or key, {kind.value: kind.label for kind in kinds})

    @classmethod
    def of_things(cls, family: Family, name: str, read: str) -> "Dimension":
        return cls(family.value, name, read, family=family, wide=True)


@dataclass(frozen=True)
class Reads:
    """What one event adds to a figure: `sign` times 1, or times the field `amount`.

    With `before`, every field that the event also has as `was_<field>` is read from there: the
    state that the event takes back. `where` limits to events whose fields have these values.
    """

    event: type[Event]
    amount: str | None = None
    sign: int = 1
    before: bool = False
    where: Mapping[str, str | bool] = field(default_factory=dict)

    def field(self, name: str) -> str:
        """The field that holds `name` for this reading."""
        was = f"was_{name}"
        return was if self.before and was in self.event.model_fields else name


def adds(event: type[Event], amount: str | None = None, **where: str | bool) -> tuple[Reads, ...]:
    return (Reads(event, amount, where=where),)


def moves(event: type[Event], amount: str | None = None, **where: str | bool) -> tuple[Reads, ...]:
    """A change: takes back what was, adds what is. Equal halves cancel out and leave no fact."""
    return (Reads(event, amount, -1, before=True, where=where), *adds(event, amount, **where))


def removes(
    event: type[Event], amount: str | None = None, **where: str | bool
) -> tuple[Reads, ...]:
    """The end of something: takes back what the event says was there."""
    return (Reads(event, amount, -1, before=True, where=where),)


class Section(StrEnum):
    """Sections of the work summary (工作总结), in order. One with nothing to say is left out."""

    TREE = "基层组织建设情况"
    MEMBERS = "党员队伍建设情况"
    LIFE = "组织生活开展情况"
    WORKING = "在职党员进社区情况"
    VOLUNTEERING = "志愿服务与联系群众情况"
    COBUILDING = "区域化党建共建情况"
    BASES = "开放式组织生活基地建设情况"
    VISITS = "预约与接待情况"
    BOOKS = "阵地、经费与荣誉"
    CONCERNS = "需要关注的问题"


@dataclass(frozen=True)
class Clause:
    """A figure's words in the work summary.

    `text` holds `{n}`, the number with its unit, and may hold more: `{values}`, the labels of
    dimension `split` that really occurred; `{each}`, these labels with their numbers; `{names}`,
    who is counted (absent figures). Clauses with equal `sentence` form one sentence.

    A zero or unknown number says `zero` instead, or nothing. Later clauses of a sentence say their
    `zero` only after one that counted something.
    """

    section: Section
    sentence: int
    text: str
    zero: str = ""
    split: str | None = None
    joint: str = "，"


@dataclass(frozen=True)
class Figure:
    """One number. `kind` says how it is computed; the subclass holds what that takes."""

    key: str
    name: str
    unit: str
    describes: str
    clauses: tuple[Clause, ...] = ()

    @property
    def kind(self) -> FigureKind:
        raise NotImplementedError


@dataclass(frozen=True)
class Counted(Figure):
    """A figure with facts of its own."""

    reads: tuple[Reads, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    per: int = 1
    """How many of what the facts count make one of the unit: 1000000 分 a 万元."""
    digits: int = 2
    """Decimals that are shown of what was divided so."""

    @property
    def rolled(self) -> tuple[Dimension, ...]:
        return tuple(d for d in self.dimensions if not d.wide)

    @property
    def wide(self) -> tuple[Dimension, ...]:
        return tuple(d for d in self.dimensions if d.wide)


@dataclass(frozen=True)
class Flow(Counted):
    """What happened in a period: the sum of its days."""

    @property
    def kind(self) -> FigureKind:
        return FigureKind.FLOW


@dataclass(frozen=True)
class Stock(Counted):
    """What there is at the end of a period: the sum of everything up to that day."""

    @property
    def kind(self) -> FigureKind:
        return FigureKind.STOCK


@dataclass(frozen=True)
class Ratio(Figure):
    """Flows divided by flows, times `scale`; null while there is nothing to divide by."""

    over: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    scale: int = 1
    digits: int = 1

    @property
    def kind(self) -> FigureKind:
        return FigureKind.RATIO

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.over, *self.under)))


@dataclass(frozen=True)
class Absent(Figure):
    """How many that stock `among` counts had no fact of flow `without` in the period.

    The flow names them in its wide dimension `named_by`. Where it happened does not matter: a
    branch that visited a base of another area has visited.
    """

    among: str = ""
    without: str = ""
    named_by: str = ""

    @property
    def kind(self) -> FigureKind:
        return FigureKind.ABSENT


@dataclass(frozen=True)
class Variety(Figure):
    """How many values of the rolled dimension `split` figure `of` counts something in (多少类).

    Kinds are counted once however many areas have them, so groups do not add up to the whole.
    """

    of: str = ""
    split: str = ""

    @property
    def kind(self) -> FigureKind:
        return FigureKind.VARIETY


@dataclass(frozen=True)
class Naming:
    """An event that tells a name: fields holding the id, the name and the code of the thing."""

    event: type[Event]
    family: Family
    id: str
    name: str
    code: str


F = TypeVar("F", bound=Figure)


class Misdeclared(Exception):  # a mistake in the source, seen at the start
    """A declaration names what is not there."""


class Catalogue:
    """All figures by key. Refuses, when built, what could not be folded or answered."""

    def __init__(self, figures: Iterable[Figure], names: Iterable[Naming]) -> None:
        self.names = tuple(names)
        self.figures: dict[str, Figure] = {}
        for figure in figures:
            if figure.key in self.figures:
                raise Misdeclared(f"{figure.key} is declared twice")
            self.figures[figure.key] = figure
        for figure in self.figures.values():
            self._check(figure)

    @property
    def counted(self) -> tuple[Counted, ...]:
        return tuple(f for f in self.figures.values() if isinstance(f, Counted))

    def of(self, key: str, kind: type[F]) -> F:
        found = self.figures.get(key)
        if not isinstance(found, kind):
            raise Misdeclared(f"{key} is no {kind.__name__.lower()}")
        return found

    def facts_of(self, figure: Figure) -> tuple[Counted, ...]:
        """The figures whose facts stand behind `figure`."""
        match figure:
            case Counted():
                return (figure,)
            case Ratio():
                return tuple(self.of(part, Counted) for part in figure.parts)
            case Absent():
                return (self.of(figure.among, Stock),)
            case Variety():
                return (self.of(figure.of, Counted),)
            case _:
                raise Misdeclared(f"{figure.key} has no kind")

    def dimensions_of(self, figure: Figure) -> dict[str, Dimension]:
        """What `figure` can be split by: what all its parts have."""
        if isinstance(figure, Variety):
            return {}
        first, *others = self.facts_of(figure)
        return {
            d.key: d for d in first.dimensions if all(d in other.dimensions for other in others)
        }

    def _check(self, figure: Figure) -> None:
        match figure:
            case Counted():
                _check_fields(figure)
            case Ratio():
                for part in figure.parts:
                    self.of(part, Flow)
            case Absent():
                self.of(figure.among, Stock)
                flow = self.of(figure.without, Flow)
                if figure.named_by not in {d.key for d in flow.wide}:
                    raise Misdeclared(f"{flow.key} has no wide dimension {figure.named_by}")
            case Variety():
                if figure.split not in {d.key for d in self.of(figure.of, Counted).rolled}:
                    raise Misdeclared(f"{figure.of} has no rolled dimension {figure.split}")
        for split in {clause.split for clause in figure.clauses} - {None}:
            if split not in self.dimensions_of(figure):
                raise Misdeclared(f"{figure.key} cannot be split by {split}")


def _check_fields(figure: Counted) -> None:
    if not figure.reads:
        raise Misdeclared(f"{figure.key} reads no event")
    for read in figure.reads:
        names = {"area", read.amount or "area", *read.where, *(d.read for d in figure.dimensions)}
        missing = {name for name in names if not _has(read, name)}
        if missing:
            raise Misdeclared(f"{figure.key}: {read.event.__name__} has no {sorted(missing)}")


def _has(read: Reads, name: str) -> bool:
    return read.field(name) in read.event.model_fields
