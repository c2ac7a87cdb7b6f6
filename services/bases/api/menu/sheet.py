"""A run-sheet as a Word document: one table on A4."""

from collections.abc import Sequence
from io import BytesIO

from docx import Document
from docx.shared import Mm

from services.chassis.documents import BODY_FONT, HEADING_FONT, TITLE_FONT, centred

TITLE_PT, CELL_PT = 22, 14
MARGIN_MM = 25
HEADINGS = ("序号", "时间", "环节", "所需物品")


def sheet(title: str, rows: Sequence[tuple[str, str, str]]) -> bytes:
    """A .docx; `rows` say time, step and what it needs, and are numbered here."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(MARGIN_MM)
    document.core_properties.title = title
    document.core_properties.author = ""
    centred(document.add_paragraph(), title, TITLE_FONT, TITLE_PT)
    table = document.add_table(rows=1 + len(rows), cols=len(HEADINGS), style="Table Grid")
    for cell, heading in zip(table.rows[0].cells, HEADINGS, strict=True):
        centred(cell.paragraphs[0], heading, HEADING_FONT, CELL_PT)
    for number, row in enumerate(rows, 1):
        for cell, text in zip(table.rows[number].cells, (str(number), *row), strict=True):
            centred(cell.paragraphs[0], text, BODY_FONT, CELL_PT)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()
