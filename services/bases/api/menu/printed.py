"""Run-sheets on paper (活动流程单): for whoever leads the group through the base."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from io import BytesIO
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from fastapi import APIRouter, Query, Response
from fastapi.concurrency import run_in_threadpool

from contracts.access import Action
from services.bases.domain.menu import Details
from services.bases.tables import menu as tables
from services.chassis.documents import BODY_FONT, HEADING_FONT, LATIN_FONT, TITLE_FONT
from services.chassis.http import Caller, Context
from services.chassis.http.problems import RESPONSES

queries = APIRouter(prefix="/v1", tags=["活动菜单"], responses=dict(RESPONSES))

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TITLE_PT, CELL_PT = 22, 14
MARGIN_MM = 25
HEADINGS = ("序号", "时间", "环节", "所需物品")
AN_HOUR, A_DAY = 60, 24 * 60

Begins = Annotated[
    time | None, Query(description="Wall time of the begin; minutes from it when left out.")
]


@dataclass(frozen=True)
class Line:
    """`[since, until)` in minutes from the begin."""

    since: int
    until: int
    title: str
    needs: str


@queries.get(
    "/menu-items/{item_id}/run-sheet.docx",
    summary="打印活动流程单",
    response_class=Response,
    responses={200: {"content": {DOCX: {}}}},
)
async def print_item(
    item_id: UUID,
    context: Context,
    caller: Caller,
    begins: Begins = None,
    version: Annotated[int | None, Query(ge=1, description="As it was booked.")] = None,
) -> Response:
    async with context.database.sessions() as session:
        row = await tables.item_row(session, item_id)
        caller.require(Action.READ, row.area)
        said = (await tables.edition(session, row, version)).said if version else row.said
    details = tables.details_of(said)
    return await _printed(details.name, lines_of(details), begins)


@queries.get(
    "/packages/{package_id}/run-sheet.docx",
    summary="打印套餐流程单",
    response_class=Response,
    responses={200: {"content": {DOCX: {}}}},
)
async def print_package(
    package_id: UUID, context: Context, caller: Caller, begins: Begins = None
) -> Response:
    """The run-sheets of its items, one after another, with the pauses between them."""
    async with context.database.sessions() as session:
        row = await tables.package_row(session, package_id)
        caller.require(Action.READ, row.area)
        parts = (await tables.parts(session, [package_id]))[package_id]
    lines: list[Line] = []
    at = 0
    for part, item in parts:
        if part.pause_minutes:
            lines.append(Line(at, at + part.pause_minutes, "间歇", ""))
        at += part.pause_minutes
        lines += lines_of(item.details, at)
        at += item.details.duration_minutes
    return await _printed(row.name, lines, begins)


def lines_of(details: Details, begin: int = 0) -> list[Line]:
    """Its steps, back to back; an item without steps is one line."""
    if not details.steps:
        return [Line(begin, begin + details.duration_minutes, details.name, "")]
    found = []
    at = begin
    for step in details.steps:
        found.append(Line(at, at + step.minutes, step.title, step.needs or ""))
        at += step.minutes
    return found


async def _printed(name: str, lines: Sequence[Line], begins: time | None) -> Response:
    body = await run_in_threadpool(sheet, name, lines, begins)
    file = quote(f"{name}流程单.docx")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{file}"}
    return Response(body, media_type=DOCX, headers=headers)


def sheet(name: str, lines: Sequence[Line], begins: time | None) -> bytes:
    """A .docx of one table on A4."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(MARGIN_MM)
    document.core_properties.title = f"{name}流程单"
    document.core_properties.author = ""
    _say(document.add_paragraph(), f"{name}流程单", TITLE_FONT, TITLE_PT)
    table = document.add_table(rows=1 + len(lines), cols=len(HEADINGS), style="Table Grid")
    for cell, heading in zip(table.rows[0].cells, HEADINGS, strict=True):
        _say(cell.paragraphs[0], heading, HEADING_FONT, CELL_PT)
    for number, line in enumerate(lines, 1):
        hours = f"{_at(line.since, begins)}–{_at(line.until, begins)}"
        told = (str(number), hours, line.title, line.needs)
        for cell, text in zip(table.rows[number].cells, told, strict=True):
            _say(cell.paragraphs[0], text, BODY_FONT, CELL_PT)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _at(minutes: int, begins: time | None) -> str:
    if begins is None:
        return f"{minutes}分"
    hour, minute = divmod((begins.hour * AN_HOUR + begins.minute + minutes) % A_DAY, AN_HOUR)
    return f"{hour:02}:{minute:02}"


def _say(paragraph: Paragraph, text: str, font: str, size: int) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.font.name, run.font.size = LATIN_FONT, Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)  # noqa: SLF001
