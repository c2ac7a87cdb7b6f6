"""The workbook that is handed out is the workbook that is read."""

from datetime import date, time
from pathlib import Path

import openpyxl
import pytest

from contracts.kinds import BaseKind, Channel, VisitorLevel
from ops.ledger import books
from ops.ledger.ledgers import LEDGERS, VOCABULARY
from ops.ledger.sheets import read_sheets
from ops.ledger.template import workbook, write_template

TODAY = date(2026, 1, 15)


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "模板.xlsx"
    write_template(path)
    return path


def read(path: Path):
    return read_sheets(books.read(path), vocabulary=VOCABULARY, today=TODAY)


def test_the_empty_workbook_has_no_rows_and_nothing_wrong(template: Path):
    found = read(template)
    assert (found.rows, found.faults, found.notices) == ([], [], [])


def test_every_ledger_has_a_sheet_with_comments_frozen_headings_and_text_cells(template: Path):
    book = openpyxl.load_workbook(template)
    assert book.sheetnames == ["说明", *(ledger.sheet for ledger in LEDGERS)]
    for ledger in LEDGERS:
        sheet = book[ledger.sheet]
        assert sheet.freeze_panes == "A2"
        for cell, column in zip(sheet[1], ledger.columns, strict=True):
            assert cell.value.removesuffix("*") == column.heading
            assert cell.value.endswith("*") == column.required
            assert column.takes in cell.comment.text
            assert sheet.column_dimensions[cell.column_letter].width >= 8


def test_drop_downs_offer_the_labels_of_the_contracts(template: Path):
    book = openpyxl.load_workbook(template)
    offered = {
        validation.formula1.strip('"')
        for ledger in LEDGERS
        for validation in book[ledger.sheet].data_validations.dataValidation
    }
    for kinds in (BaseKind, Channel, VisitorLevel):
        assert ",".join(kind.label for kind in kinds) in offered


def test_the_guide_names_every_column_with_what_it_takes(template: Path):
    cells = {cell for row in books.read(template)[0].rows for cell in row}
    for ledger in LEDGERS:
        assert ledger.about in cells
        for column in ledger.columns:
            assert column.heading in cells
            assert any(str(cell).startswith(column.takes) for cell in cells)


def test_examples_of_the_guide_are_themselves_right():
    for ledger in LEDGERS:
        for column in ledger.columns:
            if column.example:
                column.parser(VOCABULARY)(column.example)


def test_what_staff_fill_in_is_read_back(template: Path):
    book = openpyxl.load_workbook(template)
    book["区划"].append(["410305", "涧西区"])
    book["党组织"].append(["ZB-1", "唐村社区第一党支部", "党支部", 410305001001, None, "2018.7.1"])
    book["基地"].append(["JD-1", "示例基地", "红色型", "410305", date(2019, 6, 10)])
    book["场馆"].append(["JD-1", "JD-1-A", "展厅", "展厅", 60, "独占", None, 5, "甲、乙"])
    book["接待"].append(
        [None, date(2019, 6, 18), time(9), "10：30", "JD-1", "JD-1-A", "区", "微信", "ZB-1", 30, 28]
    )
    book.save(template)
    found = read(template)
    assert [row.faults for row in found.rows] == [[]] * 5
    area, organisation, base, venue, visit = (row.values for row in found.rows)
    assert area["code"] == "410305"
    assert (organisation["area"], organisation["since"]) == ("410305001001", date(2018, 7, 1))
    assert (base["kind"], base["since"]) == ("red", date(2019, 6, 10))
    assert (venue["themes"], venue["floor"], venue["buffer_minutes"]) == (("甲", "乙"), 5, None)
    assert (visit["date"], visit["start"], visit["end"]) == (
        date(2019, 6, 18),
        time(9),
        time(10, 30),
    )
    assert (visit["visitor_level"], visit["channel"], visit["headcount"]) == (
        "district",
        "wechat",
        28,
    )


def test_the_writer_fills_in_lines_as_text_never_as_formulas(tmp_path: Path):
    path = tmp_path / "a.xlsx"
    line = {"区划代码": "410305", "区划名称": '=HYPERLINK("http://example.invalid")'}
    path.write_bytes(workbook({"areas": [line]}))
    cell = openpyxl.load_workbook(path)["区划"]["B2"]
    assert (cell.data_type, cell.value) == ("s", line["区划名称"])


def test_the_writer_refuses_a_column_that_is_none(tmp_path: Path):
    with pytest.raises(ValueError, match="颜色"):
        workbook({"areas": [{"颜色": "红"}]})
