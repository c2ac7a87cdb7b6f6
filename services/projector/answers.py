"""What the HTTP interface says about figures."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from services.projector.declare import FigureKind

Number = Annotated[
    int | float | None, Field(description="Null where a ratio has nothing to divide by.")
]


class DimensionEntry(BaseModel):
    key: str
    name: str


class FigureEntry(BaseModel):
    """One figure of the catalogue."""

    key: str
    name: str
    unit: str
    kind: FigureKind
    dimensions: list[DimensionEntry]
    describes: str


class FigureList(BaseModel):
    items: list[FigureEntry]


class GroupValue(BaseModel):
    key: str
    label: str
    value: Number


class FigureAnswer(BaseModel):
    """A number with all it takes to understand and to check it."""

    key: str
    name: str
    unit: str
    kind: FigureKind
    area: str
    area_name: str
    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")
    as_of: datetime | None = Field(
        description="Events recorded up to here are counted; null before the first event."
    )
    value: Number
    by: str | None = None
    groups: list[GroupValue] | None = None
    events: str = Field(description="Where the events behind the number are listed.")


class ContributionEntry(BaseModel):
    """One event's part in a figure."""

    event_id: UUID
    type: str
    type_name: str
    figure: str
    aggregate_id: UUID
    occurred_at: datetime
    recorded_at: datetime
    area: str
    amount: int | float = Field(
        description="What it adds to the figure, in the figure's unit and not rounded."
    )
    dimensions: dict[str, str]


class SummaryNumber(BaseModel):
    """A number said in a sentence, and the events behind it."""

    figure: str
    name: str
    value: Number
    unit: str
    events: str


class SummarySentence(BaseModel):
    text: str
    numbers: list[SummaryNumber]


class SummarySection(BaseModel):
    title: str
    sentences: list[SummarySentence]


class WorkSummary(BaseModel):
    """The first sections of the work summary (工作总结)."""

    title: str
    area: str
    area_name: str
    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")
    as_of: datetime | None
    basis: str = Field(description="Area, period and as-of instant, in words.")
    sections: list[SummarySection]


SummaryFormat = Literal["json", "md", "docx"]
Instant = AwareDatetime
