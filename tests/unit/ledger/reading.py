"""Lines of a sheet as staff fill them in, by heading, read as from a workbook."""

from datetime import date
from typing import Any

from ops.ledger.books import Sheet
from ops.ledger.ledgers import LEDGERS, VOCABULARY
from ops.ledger.model import Row, body_of
from ops.ledger.sheets import read_sheets

TODAY = date(2026, 1, 15)
HEADINGS = {ledger.sheet: [column.heading for column in ledger.columns] for ledger in LEDGERS}


def rows(sheet: str, *lines: dict[str, Any]) -> list[Row]:
    headings = HEADINGS[sheet]
    for line in lines:
        assert set(line) <= set(headings)
    table = [headings, *([line.get(heading) for heading in headings] for line in lines)]
    return list(read_sheets([Sheet(sheet, table)], vocabulary=VOCABULARY, today=TODAY).rows)


def sent(sheet: str, **line: Any) -> dict[str, Any]:
    """The body of the command of one line, which has no faults."""
    (row,) = rows(sheet, line)
    assert row.faults == []
    return body_of(row)
