"""The work summary as a document whose every number leads to its events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.console import wording
from services.console.clients.projector import Sentence, Summary, SummaryNumber
from services.console.views.links import Here


@dataclass(frozen=True)
class Run:
    """A stretch of text; with `href`, a number."""

    text: str
    href: str | None = None
    title: str = ""


@dataclass(frozen=True)
class DocumentSection:
    heading: str
    paragraphs: tuple[tuple[Run, ...], ...]


@dataclass(frozen=True)
class Document:
    title: str
    basis: tuple[str, ...]
    """Area, period and as-of instant, each a stretch that is not broken."""
    sections: tuple[DocumentSection, ...]


def document(summary: Summary, here: Here) -> Document:
    sections = tuple(
        DocumentSection(
            heading=section.title,
            paragraphs=tuple(runs(s, here, summary.as_of) for s in section.sentences),
        )
        for section in summary.sections
    )
    return Document(summary.title, _clauses(summary.basis), sections)


def _clauses(basis: str) -> tuple[str, ...]:
    """Cut behind each `；`."""
    *heads, last = basis.split("；")
    return (*(f"{head}；" for head in heads), last)


def runs(sentence: Sentence, here: Here, as_of: datetime | None) -> tuple[Run, ...]:
    """The sentence cut at its numbers, each found behind the one before it."""
    made: list[Run] = []
    rest = sentence.text
    for number in sentence.numbers:
        at, words = _find(rest, number)
        if at < 0:
            continue
        if at:
            made.append(Run(rest[:at]))
        made.append(
            Run(words, here.figure(number.figure, as_of=as_of), f"查看“{number.name}”的事件")
        )
        rest = rest[at + len(words) :]
    return (*made, Run(rest)) if rest else tuple(made)


def _find(text: str, number: SummaryNumber) -> tuple[int, str]:
    """Where the number with its unit stands, and as what; -1 where it is said in words."""
    if number.value is None:
        return -1, ""
    for written in _spellings(number.value):
        words = written + number.unit
        at = text.find(words)
        while at > 0 and (text[at - 1].isdigit() or text[at - 1] in ".,"):
            at = text.find(words, at + 1)  # the tail of a longer number
        if at >= 0:
            return at, words
    return -1, ""


def _spellings(value: float) -> Sequence[str]:
    plain = f"{value:.0f}" if float(value).is_integer() else f"{value:.1f}"
    return (plain, wording.number(value))
