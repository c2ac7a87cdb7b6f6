"""The list of refusals in each of its forms."""

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from rich.console import Console

from ops.ledger import report
from ops.ledger.command import REPORT_FORMS
from ops.ledger.importer import Options, Result
from ops.ledger.model import Fault

FAULT = Fault("接待", 7, "实到人数", "=1+1[bold]", "不是整数", "填整数")


@pytest.fixture
def result() -> Result:
    return Result("台账.xlsx", Options(), faults=[FAULT])


def test_json_holds_every_part_of_a_fault(result: Result, tmp_path: Path):
    report.write_report(result, tmp_path / "r.json")
    assert json.loads((tmp_path / "r.json").read_text())["faults"] == [vars(FAULT)]


def test_csv_opens_in_excel_and_runs_no_formula(result: Result, tmp_path: Path):
    report.write_report(result, tmp_path / "r.CSV")
    content = (tmp_path / "r.CSV").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[1] == ["接待", "7", "实到人数", "'=1+1[bold]", "不是整数", "填整数"]


def test_xlsx_holds_values_as_text(result: Result, tmp_path: Path):
    report.write_report(result, tmp_path / "r.xlsx")
    cells = [cell.value for cell in openpyxl.load_workbook(tmp_path / "r.xlsx").active[2]]
    assert cells == ["接待", 7, "实到人数", "=1+1[bold]", "不是整数", "填整数"]


def test_the_terminal_shows_what_the_cell_says_not_what_it_means_to_a_terminal(result: Result):
    console = Console(file=io.StringIO(), width=160)
    report.show(result, console)
    assert "=1+1[bold]" in console.file.getvalue()


def test_the_command_takes_the_forms_that_can_be_written():
    assert set(REPORT_FORMS) == set(report.WRITERS)
