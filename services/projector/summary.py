"""The work summary (工作总结), written from the clauses that the figures declare.

Pure: `Reading` holds every number a summary needs, `write` turns it into sections of sentences.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.chassis.clock import LOCAL, in_chinese
from services.projector.declare import Absent, Clause, Counted, Figure, Section
from services.projector.labels import Group, groups_of
from services.projector.queries import WHOLE, Value, View
from services.projector.sql import Scope

MOST_NAMES = 10
"""Names listed in a sentence; beyond, 等 follows."""

ORDINALS = "一二三四五六七八九十"
NOTHING = {Section.CONCERNS: "本期没有需要关注的问题。"}


@dataclass(frozen=True)
class Number:
    """One figure as a summary says it: whole, split as its clauses want, with names."""

    figure: Figure
    value: Value
    splits: Mapping[str, list[Group]] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)

    def unit_of(self, split: str | None, group: Group) -> str:
        """What the values of one group are counted in."""
        figure = self.figure
        dimensions = figure.dimensions if isinstance(figure, Counted) else ()
        units = {d.key: d.units for d in dimensions}.get(split or WHOLE, {})
        return units.get(group.key, figure.unit)

    @property
    def counts(self) -> bool:
        """True when there is something to say."""
        return bool(self.value)

    def in_words(self) -> str:
        return f"{plain(self.value)}{self.figure.unit}"


@dataclass(frozen=True)
class Sentence:
    text: str
    numbers: list[Number]


@dataclass(frozen=True)
class Written:
    """A section; `title` carries its ordinal."""

    title: str
    sentences: list[Sentence]


@dataclass(frozen=True)
class Summary:
    title: str
    basis: str
    area_name: str
    scope: Scope
    as_of: datetime | None
    sections: list[Written]


async def compose(view: View, scope: Scope) -> Summary:
    """Read every number and write the summary, as of one instant."""
    told = [figure for figure in view.catalogue.figures.values() if figure.clauses]
    numbers = [await _read(view, figure, scope) for figure in told]
    area_name = await view.area_name(scope.area)
    as_of = scope.as_of or await view.as_of()
    return Summary(
        title=f"{area_name}{scope.period.in_chinese()}党建工作总结",
        basis=_basis(area_name, scope, as_of),
        area_name=area_name,
        scope=scope,
        as_of=as_of,
        sections=write(numbers),
    )


async def _read(view: View, figure: Figure, scope: Scope) -> Number:
    dimensions = view.catalogue.dimensions_of(figure)
    splits = {}
    for key in {clause.split for clause in figure.clauses if clause.split}:
        values = await view.values(figure, scope, dimensions[key])
        groups = await groups_of(view, dimensions[key], scope, values, 0)
        splits[key] = [group for group in groups if group.value]
    names = []
    if isinstance(figure, Absent):
        names = await view.absentees(figure, scope, MOST_NAMES + 1)
    return Number(figure, await view.whole(figure, scope), splits, names)


def _basis(area_name: str, scope: Scope, as_of: datetime | None) -> str:
    period = f"{in_chinese(scope.period.first)}至{in_chinese(scope.period.last)}"
    known = "尚无数据" if as_of is None else f"数据截至{_instant(as_of)}"
    return f"统计范围：{area_name}；统计期间：{period}；{known}。"


def _instant(instant: datetime) -> str:
    local = instant.astimezone(LOCAL)
    return f"{in_chinese(local)}{local:%H:%M:%S}"


def write(numbers: Iterable[Number]) -> list[Written]:
    """All sections in order, each sentence from the clauses that belong to it."""
    clauses: dict[Section, dict[int, list[tuple[Clause, Number]]]] = {s: {} for s in Section}
    for number in numbers:
        for clause in number.figure.clauses:
            sentences = clauses[clause.section]
            sentences.setdefault(clause.sentence, []).append((clause, number))
    sections = [(section, _section(section, clauses[section])) for section in Section]
    told = [(section, sentences) for section, sentences in sections if sentences]
    return [
        Written(f"{ORDINALS[place]}、{section.value}", sentences)
        for place, (section, sentences) in enumerate(told)
    ]


def _section(
    section: Section, sentences: Mapping[int, list[tuple[Clause, Number]]]
) -> list[Sentence]:
    written = [_sentence(sentences[place]) for place in sorted(sentences)]
    said = [sentence for sentence in written if sentence is not None]
    if not said and section in NOTHING:
        return [Sentence(NOTHING[section], [])]
    return said


def _sentence(clauses: Iterable[tuple[Clause, Number]]) -> Sentence | None:
    text, told = "", []
    counted = False
    for place, (clause, number) in enumerate(clauses):
        if number.counts:
            words = _words(clause, number)
            counted = True
        else:
            words = clause.zero if place == 0 or counted else ""
        if words:
            text += (clause.joint if text else "") + words
            told.append(number)
    return Sentence(f"{text}。", told) if text else None


def _words(clause: Clause, number: Number) -> str:
    groups = number.splits.get(clause.split or WHOLE, [])
    each = [f"{g.label}{plain(g.value)}{number.unit_of(clause.split, g)}" for g in groups]
    return clause.text.format(
        n=number.in_words(),
        values=_levels([group.label for group in groups]),
        each="、".join(each),
        names="、".join(number.names[:MOST_NAMES]) + "等" * (len(number.names) > MOST_NAMES),
    )


def _levels(labels: list[str]) -> str:
    """`中央、省、市各级` for several, `省级` for one."""
    if len(labels) == 1:
        return f"{labels[0]}级"
    return f"{'、'.join(labels)}各级" if labels else ""


def plain(value: Value) -> str:
    """`29`, `29.5`, and `29` for 29.0."""
    return str(value).removesuffix(".0")
