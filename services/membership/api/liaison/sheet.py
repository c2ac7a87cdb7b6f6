"""The printed duty table: a landscape page, days across, shifts down, names in the cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.shared import Mm

from services.chassis.clock import weekday
from services.chassis.documents import BODY_FONT, HEADING_FONT, TITLE_FONT, centred

LONG_MM, SHORT_MM, MARGIN_MM = 297, 210, 20
TITLE_PT, CELL_PT = 22, 14
WORKDAYS, DAYS = 5, 7


@dataclass(frozen=True)
class Entry:
    """Somebody on duty: when, the hours as text, and what they are called."""

    starts_at: datetime
    hours: str
    called: str


def printed(place: str, monday: date, entries: Sequence[Entry]) -> bytes:
    """A .docx of one A4 page; Saturday and Sunday only when somebody is on duty then."""
    last = max((entry.starts_at.weekday() for entry in entries), default=0)
    days = [monday + timedelta(days=n) for n in range(DAYS if last >= WORKDAYS else WORKDAYS)]
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(LONG_MM), Mm(SHORT_MM)
    section.left_margin = section.right_margin = Mm(MARGIN_MM)
    document.core_properties.title = f"{place}值班表"
    document.core_properties.author = ""
    centred(document.add_paragraph(), f"{place}党员值班表", TITLE_FONT, TITLE_PT)
    span = f"{days[0]:%Y年%m月%d日}至{days[-1]:%m月%d日}"
    centred(document.add_paragraph(), span, BODY_FONT, CELL_PT)
    shifts = sorted({entry.hours for entry in entries})
    table = document.add_table(rows=1 + len(shifts), cols=1 + len(days), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    centred(table.cell(0, 0).paragraphs[0], "时间", HEADING_FONT, CELL_PT)
    for column, day in enumerate(days, 1):
        heading = f"{weekday(day)}\n{day.month}月{day.day}日"
        centred(table.cell(0, column).paragraphs[0], heading, HEADING_FONT, CELL_PT)
    for line, hours in enumerate(shifts, 1):
        centred(table.cell(line, 0).paragraphs[0], hours, BODY_FONT, CELL_PT)
        for column, day in enumerate(days, 1):
            called = [e.called for e in entries if e.hours == hours and e.starts_at.date() == day]
            centred(table.cell(line, column).paragraphs[0], "\n".join(called), BODY_FONT, CELL_PT)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()
