"""The table of ledgers in the README: `python -m ops.ledger.overview` writes it."""

from pathlib import Path

from ops.ledger.ledgers import LEDGERS
from ops.ledger.model import Ledger

README = Path(__file__).parent / "README.md"
START = "<!-- ledgers:start, written by `python -m ops.ledger.overview` -->"
END = "<!-- ledgers:end -->"


def written_into(readme: str) -> str:
    """The README with its table replaced. Raises `ValueError` when the markers are gone."""
    before, _, rest = readme.partition(START)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"README.md needs the lines {START!r} and {END!r}")
    return f"{before}{START}\n\n{table()}\n\n{END}{after}"


def table() -> str:
    lines = ["| sheet | ledger | a row is named by | becomes |", "|---|---|---|---|"]
    return "\n".join([*lines, *map(_line, LEDGERS)])


def _line(ledger: Ledger) -> str:
    headings = {column.field: column.heading for column in ledger.columns}
    name = " + ".join(headings[field] for field in ledger.named_by)
    becomes = f"`{ledger.method} {ledger.path}`"
    if ledger.batch is not None:
        becomes += f", new rows together `POST {ledger.batch.path}`"
    return f"| {ledger.sheet} | `{ledger.name}` | {name or 'what it says'} | {becomes} |"


if __name__ == "__main__":
    README.write_text(written_into(README.read_text()))
