"""What lists of this room have in common."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import Mapped


def in_any(area: Mapped[str], areas: Sequence[str]) -> ColumnElement[bool]:
    return or_(*(area.startswith(prefix) for prefix in areas))
