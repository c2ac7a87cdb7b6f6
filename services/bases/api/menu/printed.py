"""Run-sheets on paper (活动流程单): for whoever leads the group through the base."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.concurrency import run_in_threadpool

from contracts.access import Action
from services.bases.domain.menu import Details
from services.bases.tables import menu as tables
from services.chassis.http import Caller, Context
from services.chassis.http.problems import RESPONSES

queries = APIRouter(prefix="/v1", tags=["活动菜单"], responses=dict(RESPONSES))

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
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
    from services.bases.api.menu.sheet import sheet  # noqa: PLC0415  python-docx is slow to import

    rows = [
        (f"{_at(line.since, begins)}–{_at(line.until, begins)}", line.title, line.needs)
        for line in lines
    ]
    body = await run_in_threadpool(sheet, f"{name}流程单", rows)
    file = quote(f"{name}流程单.docx")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{file}"}
    return Response(body, media_type=DOCX, headers=headers)


def _at(minutes: int, begins: time | None) -> str:
    if begins is None:
        return f"{minutes}分"
    hour, minute = divmod((begins.hour * AN_HOUR + begins.minute + minutes) % A_DAY, AN_HOUR)
    return f"{hour:02}:{minute:02}"
