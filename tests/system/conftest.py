"""A district and a workbook of its own for every test of ledgers."""

from pathlib import Path

import pytest

from ops.ledger.template import write_template
from tests.system.ledgers import Write, serial


@pytest.fixture
def district() -> str:
    """A district of its own for every test: the instance is shared."""
    return f"41{90 + next(serial) // 100:02d}{next(serial) % 100:02d}"


@pytest.fixture
def workbook(tmp_path: Path) -> Write:
    def write(filled: dict[str, list[dict[str, str]]]) -> Path:
        path = tmp_path / f"台账{next(serial)}.xlsx"
        write_template(path, filled)
        return path

    return write
