"""Lines of the workbook from fields and codes, so that no heading or label is written twice."""

from collections.abc import Iterable, Mapping

from ops.ledger.ledgers import BY_NAME, VOCABULARY

Line = dict[str, str]
"""A row of a sheet: by heading, what the cell says."""

Said = tuple[str, Mapping[str, object]]
"""A ledger, and what one of its lines says by fields."""


def line(ledger: str, fields: Mapping[str, object]) -> Line:
    """Codes become their labels. Raises `KeyError` for a field that the ledger does not have."""
    said: Line = {}
    for field, value in fields.items():
        column = BY_NAME[ledger].column(field)
        if column is None:
            raise KeyError(f"{ledger} has no {field}")
        labels = VOCABULARY.get(column.family or "", {})
        said[column.heading] = labels.get(str(value), str(value))
    return said


def lines_of(said: Iterable[Said]) -> dict[str, list[Line]]:
    """By ledger's name, its lines in the order in which they were said."""
    sheets: dict[str, list[Line]] = {}
    for ledger, fields in said:
        sheets.setdefault(ledger, []).append(line(ledger, fields))
    return sheets
