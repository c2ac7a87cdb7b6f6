"""Agreements, the editions of their text, their signatures and reminders."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.agreements import (
    AgreementStatus,
    Side,
    SignatureVoidReason,
    SigningManner,
)
from services.chassis.rows import for_update
from services.cobuilding.domain.agreements.model import (
    Agreement,
    Content,
    Promise,
    PromisedVenue,
    Signature,
)
from services.cobuilding.tables.rows import Row


class AgreementRow(Agreement, Row, table=True):
    __tablename__ = "agreement"

    agreement_id: UUID = Field(primary_key=True)
    number: str = Field(unique=True)
    clauses: list[dict[str, Any]] = Field(sa_type=JSONB)
    promises: list[dict[str, Any]] = Field(sa_type=JSONB)
    """As drafted; what went out stands in its edition."""
    venues: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)
    wakes_on: date | None = None
    """When the clock has something to do about it."""
    version: int = 1
    recorded_at: datetime

    def promised(self) -> list[Promise]:
        return [Promise.model_validate(each) for each in self.promises]

    def offers(self) -> list[PromisedVenue]:
        return [PromisedVenue.model_validate(each) for each in self.venues]


class EditionRow(Row, table=True):
    """A text that went out to be signed."""

    __tablename__ = "agreement_edition"

    agreement_id: UUID = Field(primary_key=True)
    edition: int = Field(primary_key=True)
    content: dict[str, Any] = Field(sa_type=JSONB)
    digest: str
    made_at: datetime
    made_by: str

    def read(self) -> Content:
        return Content.model_validate(self.content)


class SignatureRow(Row, table=True):
    """Who signed for the side is sealed under its id."""

    __tablename__ = "signature"

    signature_id: UUID = Field(primary_key=True)
    agreement_id: UUID
    edition: int
    side: Side
    manner: SigningManner
    signed_on: date
    digest: str
    scan_digest: str | None = None
    actor: str
    recorded_at: datetime
    voided_at: datetime | None = None
    void_reason: SignatureVoidReason | None = None


class ReminderRow(Row, table=True):
    """Once a key, also on two replicas and after a crash."""

    __tablename__ = "reminder"

    agreement_id: UUID = Field(primary_key=True)
    act_by: date = Field(primary_key=True)
    days: int = Field(primary_key=True)
    reminder_id: UUID
    fired: bool
    """Else a nearer one was due on the same look."""
    days_left: int
    recorded_at: datetime


async def edition(session: AsyncSession, agreement_id: UUID, number: int) -> EditionRow | None:
    return await session.get(EditionRow, (agreement_id, number))


async def editions(session: AsyncSession, agreement_id: UUID) -> Sequence[EditionRow]:
    """The newest first."""
    query = select(EditionRow).where(EditionRow.agreement_id == agreement_id)
    return (await session.exec(query.order_by(col(EditionRow.edition).desc()))).all()


async def standing(session: AsyncSession, agreement_id: UUID) -> Sequence[SignatureRow]:
    """Signatures that are not void, the earliest first. The agreement is locked."""
    query = select(SignatureRow).where(
        SignatureRow.agreement_id == agreement_id, col(SignatureRow.voided_at).is_(None)
    )
    return (await session.exec(query.order_by(col(SignatureRow.recorded_at)))).all()


async def signatures(session: AsyncSession, agreement_id: UUID) -> Sequence[SignatureRow]:
    """All, void ones too, the earliest first."""
    query = select(SignatureRow).where(SignatureRow.agreement_id == agreement_id)
    return (await session.exec(query.order_by(col(SignatureRow.recorded_at)))).all()


def told(row: SignatureRow) -> Signature:
    return Signature.model_validate(row.model_dump())


async def numbers(
    session: AsyncSession, unit_id: UUID, *statuses: AgreementStatus
) -> Sequence[str]:
    """Of the agreements with a unit that stand so. The unit is locked."""
    query = select(AgreementRow.number).where(
        AgreementRow.unit_id == unit_id, col(AgreementRow.status).in_(statuses)
    )
    return (await session.exec(query.order_by(col(AgreementRow.number)))).all()


async def successor(session: AsyncSession, agreement_id: UUID) -> AgreementRow | None:
    """A renewal that both sides signed and that has not begun, locked: always before what it
    renews, as by whoever signs it.
    """
    query = select(AgreementRow).where(*_renews(agreement_id))
    query = query.order_by(col(AgreementRow.effective_from)).limit(1)
    return (await session.exec(for_update(query))).first()


async def is_renewed(session: AsyncSession, agreement_id: UUID) -> bool:
    """Whether there is a `successor`."""
    query = select(AgreementRow.agreement_id).where(*_renews(agreement_id)).limit(1)
    return (await session.exec(query)).first() is not None


def _renews(agreement_id: UUID) -> tuple[Any, Any]:
    concluded = AgreementRow.status == AgreementStatus.CONCLUDED
    return AgreementRow.predecessor_id == agreement_id, concluded


async def awake(session: AsyncSession, today: date, limit: int) -> Sequence[UUID]:
    """Those that the clock has something to do about, in the order of its days."""
    query = (
        select(AgreementRow.agreement_id)
        .where(col(AgreementRow.wakes_on) <= today)
        .order_by(col(AgreementRow.wakes_on), col(AgreementRow.agreement_id))
        .limit(limit)
    )
    return (await session.exec(query)).all()


async def settled(session: AsyncSession, agreement_id: UUID, act_by: date) -> set[int]:
    """The reminders of a day to act by that fired or were superseded."""
    query = select(ReminderRow.days).where(
        ReminderRow.agreement_id == agreement_id, ReminderRow.act_by == act_by
    )
    return set((await session.exec(query)).all())
