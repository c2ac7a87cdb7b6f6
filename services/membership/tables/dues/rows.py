"""The rows of dues. Money in 分; months by their first day."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, Date
from sqlmodel import Field

from services.chassis.rows import Versioned
from services.membership.domain.dues.states import Payment, Relief, Return, Standard
from services.membership.tables.rows import Row


class AccountRow(Row, table=True):
    """Locked before anything of a member's dues changes."""

    __tablename__ = "dues_account"

    member_id: UUID = Field(primary_key=True)
    charged_through: date
    checked_through: date
    stopped: bool = False
    """The member left: nothing more is charged until a standard is set anew."""


class StandardRow(Standard, Row, table=True):
    __tablename__ = "dues_standard"

    standard_id: UUID = Field(primary_key=True)
    recorded_at: datetime


class ReliefRow(Relief, Versioned, Row, table=True):
    __tablename__ = "dues_relief"

    relief_id: UUID = Field(primary_key=True)
    area: str


class PaymentRow(Payment, Versioned, Row, table=True):
    __tablename__ = "dues_payment"

    payment_id: UUID = Field(primary_key=True)
    area: str
    months: list[date] = Field(sa_type=ARRAY(Date))


class ReturnRow(Return, Versioned, Row, table=True):
    __tablename__ = "dues_return"

    return_id: UUID = Field(primary_key=True)
    area: str
