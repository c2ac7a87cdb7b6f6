"""Fields that requests of several services share, and what no request may say."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Beyond any ledger, and well before the limits of drivers and of time zone arithmetic."""

_NO_CONTROLS = r"^[^\x00-\x1f\x7f]*$"


def _written(value: object) -> object:
    """A number is no time: pydantic would read 20 as twenty seconds after midnight of 1970."""
    if isinstance(value, str) and not value.strip().lstrip("+-").replace(".", "", 1).isdigit():
        return value
    if isinstance(value, date):
        return value
    raise ValueError("应为 ISO 8601 文本 (must be ISO 8601 text)")


def _storable(value: date) -> date:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(
            f"年份应在 {FIRST_YEAR} 与 {LAST_YEAR} 之间"
            f" (the year must be between {FIRST_YEAR} and {LAST_YEAR})"
        )
    return value


Instant = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_storable)]
"""A time with its offset, such as `2019-06-08T09:00:00+08:00`."""

Day = Annotated[date, BeforeValidator(_written), AfterValidator(_storable)]
"""A day of the office's calendar, such as `2019-06-08`."""

Name = Annotated[
    str,
    AfterValidator(str.strip),
    Field(
        min_length=1,
        max_length=120,
        title="名称",
        pattern=r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$",
    ),
]
Code = Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]{0,39}$", title="代码")]
Kind = Annotated[str, Field(min_length=1, max_length=40, pattern=_NO_CONTROLS, title="类别")]

PersonName = Annotated[Name, Field(max_length=60, title="姓名", description="Sealed.")]
Phone = Annotated[
    str,
    AfterValidator(str.strip),
    Field(
        pattern=r"^\+?[0-9][0-9 -]{5,18}[0-9]$", max_length=20, title="电话", description="Sealed."
    ),
]
"""As somebody would dial it, with blanks and hyphens."""

Sought = Annotated[str, Query(max_length=120, pattern=_NO_CONTROLS)]
"""A text that a list is searched for."""


def instant_of(text: str) -> datetime:
    """An instant out of a cursor. Raises `ValueError` for what no list ever put there."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(f"{text!r} is no instant with an offset")
    return found
