"""Rows of the waiting list."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, FetchedValue
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlmodel import Column, Field

from services.bases.domain.waitlist.entries import Entry
from services.bases.tables.rows import Row


class EntryRow(Entry, Row, table=True):
    """`no` is drawn by the database: the order of joining."""

    __tablename__ = "waitlist_entry"

    entry_id: UUID = Field(primary_key=True)
    no: int | None = Field(default=None, sa_column=Column(BigInteger, FetchedValue()))
    venue_kinds: list[str] = Field(sa_column=Column(ARRAY(TEXT)))
    joined_at: datetime
    version: int = 1
    recorded_at: datetime


class OfferRow(Row, table=True):
    """The booking that holds the slot keeps status `offered` as long as the offer lives."""

    __tablename__ = "waitlist_offer"

    booking_id: UUID = Field(primary_key=True)
    entry_id: UUID
    offered_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
