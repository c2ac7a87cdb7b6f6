"""A work summary as Markdown, as a Word document, and as JSON."""

from services.projector.answers import (
    SummaryNumber,
    SummarySection,
    SummarySentence,
    WorkSummary,
)
from services.projector.asked import events_link
from services.projector.sql import Scope
from services.projector.summary import Number, Sentence, Summary


def in_markdown(summary: Summary) -> str:
    """The summary as Markdown; figures and links stay in the JSON."""
    lines = [f"# {summary.title}", "", f"> {summary.basis}"]
    for section in summary.sections:
        lines += ["", f"## {section.title}", "", "".join(s.text for s in section.sentences)]
    return "\n".join(lines) + "\n"


def in_word(summary: Summary) -> bytes:
    from services.chassis.documents import GongWen  # noqa: PLC0415  python-docx is slow to import

    document = GongWen(summary.title)
    for section in summary.sections:
        document.heading(section.title)
        document.paragraph("".join(sentence.text for sentence in section.sentences))
    document.note(summary.basis)
    return document.save()


def in_json(summary: Summary) -> WorkSummary:
    """With every number as data, and where its events are listed."""
    scope = summary.scope
    return WorkSummary(
        title=summary.title,
        area=scope.area,
        area_name=summary.area_name,
        first=scope.period.first,
        last=scope.period.last,
        as_of=summary.as_of,
        basis=summary.basis,
        sections=[
            SummarySection(
                title=section.title, sentences=[_sentence(s, scope) for s in section.sentences]
            )
            for section in summary.sections
        ],
    )


def _sentence(sentence: Sentence, scope: Scope) -> SummarySentence:
    numbers = [_number(number, scope) for number in sentence.numbers]
    return SummarySentence(text=sentence.text, numbers=numbers)


def _number(number: Number, scope: Scope) -> SummaryNumber:
    return SummaryNumber(
        figure=number.figure.key,
        name=number.figure.name,
        value=number.value,
        unit=number.figure.unit,
        events=events_link(number.figure, scope),
    )
