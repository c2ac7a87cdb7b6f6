#!/usr/bin/env bash
# One column, one format, two types: `python-calamine` types a moment by its value, not its format.
#
# Versions   python-calamine 0.9.1; beside it openpyxl 3.1.5; the workbook by XlsxWriter 3.3.1
# Input      a column with the format yyyy-mm-dd hh:mm: 09:30, midnight, 17:00; and one with the
#            format yyyy-mm-dd in which somebody typed a time of day.
# Expected   one type a column: the format says whether a cell is a day or a moment.
# Seen       calamine: datetime, date, datetime; and datetime under the format of a day. A whole
#            serial number is a `date` whatever its format, any other a `datetime`. Comparing or
#            sorting the column raises TypeError, on the one row that happens to be midnight.
#            openpyxl: datetime for all four.
# Means      a sheet of times is read well for months, until something begins at midnight; a sheet of
#            days carries times of day that nobody sees on it. Turn both into one before comparing.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    python-calamine==0.9.1 openpyxl==3.1.5 XlsxWriter==3.3.1

cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from datetime import datetime

import openpyxl
import xlsxwriter
from python_calamine import CalamineWorkbook

MOMENT, DAY = "yyyy-mm-dd hh:mm", "yyyy-mm-dd"
CELLS = (
    (datetime(2026, 3, 2, 9, 30), MOMENT),
    (datetime(2026, 3, 3), MOMENT),
    (datetime(2026, 3, 3, 17, 0), MOMENT),
    (datetime(2026, 3, 4, 8, 15), DAY),
)

with xlsxwriter.Workbook("times.xlsx") as workbook:
    sheet = workbook.add_worksheet()
    for row, (value, shown) in enumerate(CELLS):
        sheet.write_datetime(row, 0, value, workbook.add_format({"num_format": shown}))

calamine = [row[0] for row in CalamineWorkbook.from_path("times.xlsx").get_sheet_by_index(0).to_python()]
other = [row[0].value for row in openpyxl.load_workbook("times.xlsx").active.iter_rows()]
types = [[type(value).__name__ for value in column] for column in (calamine, other)]
try:
    sorted(calamine)
    sorting = "sorts"
except TypeError as error:
    sorting = type(error).__name__
print(f"calamine {types[0]}, {sorting}; openpyxl {types[1]}")
expected = [["datetime", "date", "datetime", "datetime"], ["datetime"] * 4]
sys.exit("This version does otherwise." if (types, sorting) != (expected, "TypeError") else 0)
PYTHON
