"""The rows of dues. Money in 分; months by their first day."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, Date
from sqlmodel import Field

from services.membership.tables.rows import Row


class AccountRow(Row, table=True):
    """Locked before anything of a member's dues changes."""

    __tablename__ = "dues_account"

    member_id: UUID = Field(primary_key=True)
    charged_through: date
    checked_through: date
    stopped: bool = False
    """The member left: nothing more is charged until a standard is set anew."""


class StandardRow(Row, table=True):
    __tablename__ = "dues_standard"

    standard_id: UUID = Field(primary_key=True)
    member_id: UUID
    from_month: date
    payer: str
    bracket: str
    monthly: int
    rhythm: str
    rule: str
    rule_version: str
    recorded_at: datetime


class ReliefRow(Row, table=True):
    __tablename__ = "dues_relief"

    relief_id: UUID = Field(primary_key=True)
    member_id: UUID
    organisation_id: UUID
    area: str
    kind: str
    monthly: int
    from_month: date
    to_month: date
    studied_on: date
    state: str
    approver_id: UUID | None = None
    decided_on: date | None = None
    version: int = 1
    recorded_at: datetime


class PaymentRow(Row, table=True):
    __tablename__ = "dues_payment"

    payment_id: UUID = Field(primary_key=True)
    member_id: UUID
    organisation_id: UUID
    area: str
    receipt: str
    purpose: str
    channel: str
    destination: str
    paid_on: date
    amount: int
    months: list[date] = Field(sa_type=ARRAY(Date))
    reversed_on: date | None = None
    reversal: str | None = None
    version: int = 1
    recorded_at: datetime


class ReturnRow(Row, table=True):
    __tablename__ = "dues_return"

    return_id: UUID = Field(primary_key=True)
    organisation_id: UUID
    organisation_kind: str
    area: str
    year: int
    base_amount: int
    percent: int
    amount: int
    rule_version: str
    returned_on: date
    reversed_on: date | None = None
    reversal: str | None = None
    version: int = 1
    recorded_at: datetime
