"""Rows of the waiting list."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, FetchedValue
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlmodel import Column, Field

from contracts.kinds import Channel, VisitorLevel
from contracts.kinds.waitlist import EntryStatus
from services.bases.domain.waitlist.entries import Entry
from services.bases.tables.rows import Row


class EntryRow(Row, table=True):
    """`no` is drawn by the database: the order of joining."""

    __tablename__ = "waitlist_entry"

    entry_id: UUID = Field(primary_key=True)
    no: int | None = Field(default=None, sa_column=Column(BigInteger, FetchedValue()))
    base_id: UUID
    base_kind: str
    area: str
    venue_id: UUID | None
    menu_item_id: UUID | None
    menu_item_kind: str | None
    venue_kinds: list[str] = Field(sa_column=Column(ARRAY(TEXT)))
    organisation_id: UUID
    starts_at: datetime
    ends_at: datetime
    earliest_at: datetime
    latest_at: datetime
    headcount: int
    channel: str
    visitor_level: str
    on_behalf: bool
    status: str
    booking_id: UUID | None
    joined_at: datetime
    version: int
    recorded_at: datetime

    def state(self) -> Entry:
        fields = self.model_dump(exclude={"no", "venue_kinds", "joined_at", "recorded_at"})
        return Entry(
            **fields
            | {
                "channel": Channel(self.channel),
                "visitor_level": VisitorLevel(self.visitor_level),
                "status": EntryStatus(self.status),
            }
        )


class OfferRow(Row, table=True):
    """The booking that holds the slot keeps status `offered` as long as the offer lives."""

    __tablename__ = "waitlist_offer"

    booking_id: UUID = Field(primary_key=True)
    entry_id: UUID
    offered_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
