"""Fields that several requests share."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.chassis.http.fields import Kind, instant_of
from services.chassis.http.pages import key_of

Headcount = Annotated[int, Field(strict=True, ge=1, le=100_000, title="人数")]

Companions = Annotated[
    list[UUID],
    Field(max_length=50, title="同行党组织", description="Who came along: a cross-unit visit."),
]
FilmKind = Annotated[
    Kind | None,
    Field(title="影片", description="Of the kinds `film`; for a visit whose purpose is a film."),
]
TrainingKind = Annotated[
    Kind | None,
    Field(
        title="培训类别",
        description="Of the kinds `training`; for a visit whose purpose is a training.",
    ),
]


def after_start(cursor: list[str] | None) -> tuple[datetime, UUID] | None:
    """The place a list in order of start goes on from. Raises `Invalid` for a foreign cursor."""
    return key_of(cursor, instant_of, UUID)
