"""Run-sheets on paper (活动流程单): for whoever leads the group through the base."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import Annotated
from urllib.parse import quote

from fastapi import Query, Response
from fastapi.concurrency import run_in_threadpool

from services.bases.api.menu.items import Seen as SeenItem
from services.bases.api.menu.packages import Seen as SeenPackage
from services.bases.domain.menu import Details
from services.bases.tables import menu as tables
from services.chassis.http import Context, query_router

queries = query_router(tags=["活动菜单"])

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
    item: SeenItem,
    context: Context,
    begins: Begins = None,
    version: Annotated[int | None, Query(ge=1, description="As it was booked.")] = None,
) -> Response:
    details = item.details
    if version:
        async with context.database.sessions() as session:
            details = (await tables.edition(session, item, version)).details
    return await _printed(details.name, lines_of(details), begins)


@queries.get(
    "/packages/{package_id}/run-sheet.docx",
    summary="打印套餐流程单",
    response_class=Response,
    responses={200: {"content": {DOCX: {}}}},
)
async def print_package(package: SeenPackage, context: Context, begins: Begins = None) -> Response:
    """The run-sheets of its items, one after another, with the pauses between them."""
    async with context.database.sessions() as session:
        parts = (await tables.parts(session, [package.package_id]))[package.package_id]
    lines: list[Line] = []
    at = 0
    for part, item in parts:
        if part.pause_minutes:
            lines.append(Line(at, at + part.pause_minutes, "间歇", ""))
        at += part.pause_minutes
        lines += lines_of(item.details, at)
        at += item.details.duration_minutes
    return await _printed(package.name, lines, begins)


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
