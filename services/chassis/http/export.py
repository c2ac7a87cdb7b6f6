"""Lists as files: CSV that Excel opens in Chinese, and xlsx. Same filters as the list, all rows."""

import csv
import io
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from datetime import date, datetime
from tempfile import SpooledTemporaryFile
from typing import Literal
from urllib.parse import quote

from fastapi import Response
from fastapi.responses import StreamingResponse

from services.chassis.clock import LOCAL

Format = Literal["csv", "xlsx"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
IN_MEMORY = 4 * 1024 * 1024
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is run by a spreadsheet: it is told to be text."""

Cell = str | int | float | date | datetime | None
Rows = AsyncIterable[Sequence[Cell]]


def plain(cell: Cell) -> str:
    """A cell as text; times in Asia/Shanghai."""
    if isinstance(cell, datetime):
        return f"{cell.astimezone(LOCAL):%Y-%m-%d %H:%M}"
    return "" if cell is None else str(cell)


def _text(cell: Cell) -> str:
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return f"'{cell}"
    return plain(cell)


async def exported(name: str, headings: Sequence[str], rows: Rows, form: Format) -> Response:
    """A download named `name` with its extension; times in Asia/Shanghai.

    The first row is read before the answer begins: a refusal is an answer, not a broken file.
    """
    rows = await _begun(rows)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'{name}.{form}')}"}
    if form == "csv":
        return StreamingResponse(_csv(headings, rows), media_type=CSV, headers=headers)
    return Response(await _xlsx(name, headings, rows), media_type=XLSX, headers=headers)


async def _begun(rows: Rows) -> Rows:
    """The same rows, of which the first has been read."""
    following = aiter(rows)
    try:
        first = await anext(following)
    except StopAsyncIteration:
        return following

    async def whole() -> AsyncIterator[Sequence[Cell]]:
        yield first
        async for row in following:
            yield row

    return whole()


async def _csv(headings: Sequence[str], rows: Rows) -> AsyncIterable[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")  # without it Excel takes the file for a legacy code page
    writer.writerow(headings)
    async for row in rows:
        writer.writerow([_text(cell) for cell in row])
        if buffer.tell() > 1 << 16:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


async def _xlsx(name: str, headings: Sequence[str], rows: Rows) -> bytes:
    import xlsxwriter  # noqa: PLC0415  slow to import

    with SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False})
        sheet = book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        sheet.write_row(0, 0, headings, bold)
        number = 0
        async for row in rows:
            number += 1
            for column, cell in enumerate(row):
                numeric = isinstance(cell, int | float)
                sheet.write(number, column, cell if numeric else _text(cell))
        book.close()
        file.seek(0)
        return file.read()
