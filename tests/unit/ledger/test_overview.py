"""The README of the ledger import lists the ledgers there are."""

import pytest

from ops.ledger import overview
from ops.ledger.ledgers import LEDGERS


def test_the_table_of_the_readme_is_the_one_the_ledgers_give():
    readme = overview.README.read_text()
    assert readme == overview.written_into(readme), "run python -m ops.ledger.overview"


def test_the_table_has_a_line_for_every_sheet_with_what_names_a_row():
    lines = overview.table().splitlines()[2:]
    assert [line.split(" | ")[0] for line in lines] == [f"| {each.sheet}" for each in LEDGERS]
    assert "| 区划 | `areas` | 区划代码 | `PUT /v1/areas/{code}` |" in lines


def test_a_readme_without_its_markers_is_refused():
    with pytest.raises(ValueError, match="ledgers:start"):
        overview.written_into("# Ledger import\n")
