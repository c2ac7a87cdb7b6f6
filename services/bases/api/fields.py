"""Fields that several requests share."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field

from services.chassis.errors import Invalid

Name = Annotated[
    str,
    AfterValidator(str.strip),
    Field(
        min_length=1,
        max_length=120,
        title="名称",
        pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$",
    ),
]
Code = Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]{0,39}$", title="代码")]
Kind = Annotated[str, Field(min_length=1, max_length=40, title="类型")]
Headcount = Annotated[int, Field(strict=True, ge=1, le=100_000, title="人数")]


def _storable(instant: datetime) -> datetime:
    if not 1900 <= instant.year <= 2200:  # noqa: PLR2004  beyond any ledger, before any driver's limit
        raise ValueError("年份应在 1900 与 2200 之间 (year must be between 1900 and 2200)")
    return instant


Instant = Annotated[AwareDatetime, AfterValidator(_storable)]
"""A time with its offset, such as `2019-06-08T09:00:00+08:00`."""


def after_start(cursor: list[str] | None) -> tuple[datetime, UUID] | None:
    """The place a list in order of start goes on from. Raises `Invalid` for a foreign cursor."""
    if cursor is None:
        return None
    try:
        started, key = cursor
        return datetime.fromisoformat(started), UUID(key)
    except ValueError as error:
        raise Invalid(
            "`cursor` belongs to another list.", zh="cursor 不属于此列表。", field="cursor"
        ) from error
