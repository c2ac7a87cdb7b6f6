"""What the rows of all rooms stand on, and how all lists are cut to areas."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import registry
from sqlmodel import SQLModel


class Row(SQLModel, registry=registry()):
    """Base of this service's tables."""


AFTER_DIGITS = ":"
"""Follows "9" in ASCII: codes that begin with `area` lie before `area` and this."""


def inside(column: Any, areas: Sequence[str]) -> ColumnElement[bool]:
    """In one of the areas, as ranges that an index serves whatever the plan; LIKE needs to know
    its pattern when it is planned.
    """
    return or_(*(and_(column >= area, column < area + AFTER_DIGITS) for area in areas))


def scope_of(column: str, within: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """`inside` as text of SQL, and its parameters."""
    parts = (f"({column} >= :area{n} AND {column} < :area{n} || '\\:')" for n in range(len(within)))
    return f"({' OR '.join(parts)})", {f"area{n}": area for n, area in enumerate(within)}
