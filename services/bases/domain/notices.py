"""Reminders, and how a notice reads in Chinese. No word in it is about a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.bases.bookings import BookingEvent
from contracts.bases.notices import NoticeEvent, NoticeIssued
from contracts.kinds.alerts import Severity
from contracts.kinds.notices import DeliveryChannel, NoticeKind
from services.bases.domain.bookings.model import Booking
from services.bases.domain.waitlist.entries import Entry
from services.chassis.clock import LOCAL, in_chinese
from services.chassis.rules import Rule, Stated
from services.chassis.state import State

SINCE = date(2012, 1, 1)
"""Before the first entry of any ledger."""


class BookingReminder(Rule):
    code = "booking.reminder"
    label = "到访提醒"

    hours: int = Field(ge=0, le=720, title="开始前小时数", description="0: nobody is reminded.")

    def until(self, now: datetime) -> datetime | None:
        """Bookings that begin up to then are due for their reminder; `None` for none at all."""
        return now + timedelta(hours=self.hours) if self.hours else None


RULES: tuple[type[Rule], ...] = (BookingReminder,)

SEEDS = (
    Stated(BookingReminder(hours=24), "1", SINCE, Severity.WARN, "示范数值，由区县按需要发布"),
)


class Notice(State):
    """What is to be delivered; its words are made when it is shown."""

    notice_id: UUID
    kind: NoticeKind = Field(title="通知类别")
    organisation_id: UUID
    base_id: UUID
    area: str = Field(title="区划")
    venue_id: UUID | None
    booking_id: UUID | None
    entry_id: UUID | None
    starts_at: datetime = Field(title="开始时刻")
    ends_at: datetime = Field(title="结束时刻")
    until: datetime | None = Field(title="期限")
    due_at: datetime = Field(title="应送达时刻")
    delivered_at: datetime | None = Field(title="送达时刻")
    channel: DeliveryChannel | None = Field(title="送达方式")

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        return self.model_dump(include=set(NoticeEvent.model_fields))


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What a notice is about."""

    area: str
    base_id: UUID
    venue_id: UUID | None
    organisation_id: UUID
    booking_id: UUID | None
    entry_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    headcount: int


def of_booking(booking: BookingEvent | Booking, entry_id: UUID | None = None) -> Matter:
    return Matter(**{name: getattr(booking, name) for name in _MATTER}, entry_id=entry_id)


def of_entry(entry: Entry) -> Matter:
    """The wish, as long as nothing is held for it."""
    wish = {name: getattr(entry, name) for name in _MATTER}
    return Matter(**wish | {"booking_id": None}, entry_id=entry.entry_id)


_MATTER = tuple(name for name in Matter.__dataclass_fields__ if name != "entry_id")


def issue(
    kind: NoticeKind,
    matter: Matter,
    notice_id: UUID,
    *,
    due_at: datetime,
    until: datetime | None = None,
) -> NoticeIssued:
    about = {name: value for name, value in vars(matter).items() if name != "headcount"}
    return NoticeIssued(notice_id=notice_id, kind=kind, due_at=due_at, until=until, **about)


class Message(State):
    """What the text of a notice is made of."""

    organisation: str
    base: str
    venue: str | None
    starts_at: datetime
    ends_at: datetime
    headcount: int
    until: datetime | None


WORDING: Mapping[NoticeKind, str] = {
    NoticeKind.REQUESTED: "{who}：{where} {when}（{n}人）的预约已受理，请等待审批。",
    NoticeKind.ENDORSED: "{who}：{where} {when} 的预约已通过初审，待复核。",
    NoticeKind.CONFIRMED: "{who}：{where} {when}（{n}人）的预约已确认，请准时到访。",
    NoticeKind.DECLINED: "{who}：{where} {when} 的预约未获批准，详情请咨询基地。",
    NoticeKind.CANCELLED: "{who}：{where} {when} 的预约已取消。",
    NoticeKind.CANCELLED_BY_BASE: "{who}：因基地安排，{where} {when} 的预约已取消，敬请谅解。",
    NoticeKind.RESCHEDULED: "{who}：预约已改为 {where} {when}（{n}人）。",
    NoticeKind.LAPSED: "{who}：{where} {when} 的预约未在开始前完成审批，已失效。",
    NoticeKind.REMINDER: "{who}：{where} {when}（{n}人）的预约即将开始；不能到访请取消。",
    NoticeKind.NO_SHOW: "{who}：{where} {when} 的预约未到场，已记录。",
    NoticeKind.NO_SHOW_RETRACTED: "{who}：{where} {when} 的未到场记录已撤回。",
    NoticeKind.WAITING_TIME: "{who}：爽约次数已达上限，{until} 起可再预约。",
    NoticeKind.OFFER: "{who}：候补的 {where} {when}（{n}人）已有名额，请于 {until} 前答复。",
    NoticeKind.OFFER_EXPIRED: "{who}：候补的 {where} {when} 逾期未答复，名额已转给下一位。",
    NoticeKind.OFFER_WITHDRAWN: "{who}：因基地安排，{where} {when} 的候补名额收回，候补次序保留。",
    NoticeKind.WAITLIST_LAPSED: "{who}：{where} {when} 未等到名额，候补已失效。",
}


def rendered(kind: NoticeKind, message: Message) -> str:
    """The text that a gateway delivers. Times are those of Asia/Shanghai."""
    return WORDING[kind].format(
        who=message.organisation,
        where=f"{message.base}{message.venue or ''}",
        when=_when(message.starts_at, message.ends_at),
        n=message.headcount,
        until=_moment(message.until) if message.until else "",
    )


def _when(since: datetime, until: datetime) -> str:
    begins, ends = since.astimezone(LOCAL), until.astimezone(LOCAL)
    end = f"{ends:%H:%M}" if begins.date() == ends.date() else _moment(until)
    return f"{_moment(since)}–{end}"


def _moment(instant: datetime) -> str:
    at = instant.astimezone(LOCAL)
    return f"{in_chinese(at)} {at:%H:%M}"
