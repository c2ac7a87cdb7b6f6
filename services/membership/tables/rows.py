"""What the rows of all rooms stand on, and how plain SQL is cut to areas."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import registry

from services.chassis import rows


class Row(rows.Row, registry=registry()):
    """Base of this service's tables."""


def scope_of(column: str, within: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """`inside` of the chassis as text of SQL, and its parameters."""
    parts = (f"({column} >= :area{n} AND {column} < :area{n} || '\\:')" for n in range(len(within)))
    return f"({' OR '.join(parts)})", {f"area{n}": area for n, area in enumerate(within)}
