"""An entry of the waiting list: how it begins, what it is offered, how it ends."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from pydantic import Field

from contracts.bases.waitlist import (
    WaitlistAccepted,
    WaitlistDeclined,
    WaitlistEvent,
    WaitlistExpired,
    WaitlistJoined,
    WaitlistLapsed,
    WaitlistLeft,
    WaitlistOffered,
    WaitlistOfferEvent,
    WaitlistWithdrawn,
)
from contracts.kinds import Channel, VisitorLevel
from contracts.kinds.waitlist import EntryStatus
from services.bases.domain.bookings import ask
from services.bases.domain.bookings.model import Booking, Occasion, RequestBooking
from services.bases.domain.opening import AN_INSTANT, Range
from services.chassis.clock import LOCAL, business_date
from services.chassis.errors import Conflict, Invalid
from services.chassis.lifecycle import Lifecycle, Step
from services.chassis.state import State


class Join(State):
    """A wish for one venue, or for an item of the menu at a base.

    It lasts from `starts_at` up to, not including, `ends_at`; it may move within the window.
    """

    entry_id: UUID
    base_id: UUID | None = Field(title="基地")
    venue_id: UUID | None = Field(title="场馆")
    menu_item_id: UUID | None
    menu_item_kind: str | None = Field(default=None, title="菜单项目类别")
    organisation_id: UUID = Field(title="候补党组织")
    starts_at: datetime = Field(title="希望开始时刻")
    ends_at: datetime = Field(title="希望结束时刻")
    earliest_at: datetime = Field(title="最早开始时刻")
    latest_at: datetime = Field(title="最晚结束时刻")
    headcount: int = Field(title="候补人数")
    channel: Channel = Field(title="预约方式")
    visitor_level: VisitorLevel = Field(title="来访层级")
    on_behalf: bool = Field(title="代为候补")

    def wish(self, venue_id: UUID, since: datetime | None = None) -> RequestBooking:
        """What would be booked at a venue, from `since` on or as wished for."""
        starts_at = since or self.starts_at
        return RequestBooking(
            booking_id=self.entry_id,
            venue_id=venue_id,
            organisation_id=self.organisation_id,
            starts_at=starts_at,
            ends_at=starts_at + (self.ends_at - self.starts_at),
            headcount=self.headcount,
            channel=self.channel,
            visitor_level=self.visitor_level,
            on_behalf=self.on_behalf,
            menu_item_id=self.menu_item_id,
        )


class Entry(Join):
    base_id: UUID
    base_kind: str
    area: str
    status: EntryStatus
    booking_id: UUID | None

    def facts(self) -> dict[str, object]:
        """What every event about the entry repeats."""
        return {name: getattr(self, name) for name in WaitlistEvent.model_fields}


@dataclass(frozen=True)
class Offer:
    """A slot that is held for an entry until `expires_at`."""

    booking: Booking
    expires_at: datetime

    def facts(self) -> dict[str, object]:
        return {
            "booking_id": self.booking.booking_id,
            "offered_venue_id": self.booking.venue_id,
            "offered_starts_at": self.booking.starts_at,
            "offered_ends_at": self.booking.ends_at,
            "expires_at": self.expires_at,
        }


# Refusals


class StillFree(Conflict):
    code = "still-free"
    title, title_zh = "It can be booked: nobody needs to wait", "该时段可直接预约，无须候补"


class WindowWrong(Invalid):
    code = "window-wrong"
    title, title_zh = (
        "The window lies around the wish, on one day",
        "可调整范围应在同一天并包含所选时段",
    )


class WaitsAlready(Conflict):
    code = "waits-already"
    title, title_zh = "The organisation waits for this already", "该组织已在候补此时段"


class NothingSuits(Conflict):
    code = "nothing-suits"
    title, title_zh = "No venue of the base suits the item", "该基地没有适合此项目的场馆"


class NoOffer(Conflict):
    code = "no-offer"
    title, title_zh = "No offer awaits an answer", "没有待答复的候补名额"


class OfferExpired(Conflict):
    code = "offer-expired"
    title, title_zh = "The time to answer is over", "已过答复期限"


class OfferedMeanwhile(Conflict):
    code = "offered-meanwhile"
    title, title_zh = (
        "It has changed at this moment: look again",
        "候补状态刚刚变化，请查看后再操作",
    )


class EntryOver(Conflict):
    code = "entry-over"
    title, title_zh = "The entry waits no longer", "该候补已结束"


WAITING, OFFERED = EntryStatus.WAITING, EntryStatus.OFFERED
LIFE = Lifecycle("entry", "候补", EntryStatus, EntryOver)
JOIN = LIFE.begin("join", "登记", WAITING)
OFFER = LIFE.step("offer", "保留名额", {WAITING}, OFFERED, clock=True)
ACCEPT = LIFE.step("accept", "接受名额", {OFFERED}, EntryStatus.ACCEPTED, refusal=NoOffer)
DECLINE = LIFE.step("decline", "放弃名额", {OFFERED}, EntryStatus.DECLINED, refusal=NoOffer)
EXPIRE = LIFE.step("expire", "逾期", {OFFERED}, EntryStatus.EXPIRED, refusal=NoOffer, clock=True)
WITHDRAW = LIFE.step("withdraw the offer", "收回名额", {OFFERED}, WAITING, refusal=NoOffer)
LEAVE = LIFE.step("leave", "退出", {WAITING, OFFERED}, EntryStatus.LEFT)
LAPSE = LIFE.step("lapse", "失效", {WAITING}, EntryStatus.LAPSED, clock=True)

# Decisions


def check_window(join: Join) -> None:
    """Raises `WindowWrong`."""
    around = join.earliest_at <= join.starts_at and join.ends_at <= join.latest_at
    moves = (join.earliest_at, join.latest_at) != (join.starts_at, join.ends_at)
    one_day = business_date(join.earliest_at) == business_date(join.latest_at - AN_INSTANT)
    if around and (one_day or not moves):
        return
    raise WindowWrong(
        "`earliest_at` and `latest_at` enclose the wish, on one day of Asia/Shanghai.",
        zh="最早、最晚时刻应包含所选时段，且在同一天内。",
        field="earliest_at",
    )


def check_waitable(command: RequestBooking, occasion: Occasion, *, at: datetime) -> None:
    """Raises what waiting does not cure: all but closures, and that the venue is too small."""
    roomy = replace(occasion.venue, capacity=max(occasion.venue.capacity, command.headcount))
    opened = replace(occasion.timetable, closures=())
    ask.request(command, replace(occasion, venue=roomy, timetable=opened), at=at)


def still_free(venue_id: UUID, found: Range) -> StillFree:
    since, until = (each.astimezone(LOCAL) for each in found)
    return StillFree(
        f"Book {since.isoformat()}/{until.isoformat()}.",
        zh=f"{since:%m月%d日 %H:%M}–{until:%H:%M} 尚可预约，请直接提交预约。",
        field="starts_at",
        venue_id=str(venue_id),
        free={"from": since.isoformat(), "until": until.isoformat()},
    )


def join(entry: Entry) -> WaitlistJoined:
    return WaitlistJoined.model_validate(entry.facts())


def offer(entry: Entry, made: Offer) -> WaitlistOffered:
    OFFER(entry.status)
    return _told(WaitlistOffered, entry, made)


def accept(entry: Entry, made: Offer, *, at: datetime) -> WaitlistAccepted:
    """Raises `NoOffer`, or `OfferExpired` also before the clock has come by."""
    ACCEPT(entry.status)
    if at >= made.expires_at:
        raise OfferExpired(
            f"It expired at {made.expires_at.isoformat()}.",
            zh=f"答复期限为 {made.expires_at.astimezone(LOCAL):%m月%d日 %H:%M}，已过。",
            expires_at=made.expires_at.isoformat(),
        )
    return _told(WaitlistAccepted, entry, made)


def give_up(
    entry: Entry, made: Offer, how: Step[EntryStatus]
) -> WaitlistDeclined | WaitlistExpired | WaitlistLeft:
    """The offer ends without a booking, and the entry with it. Raises `NoOffer`."""
    if how is LEAVE:
        return leave(entry)
    how(entry.status)
    if how is EXPIRE:
        return _told(WaitlistExpired, entry, made)
    return _told(WaitlistDeclined, entry, made)


def withdraw(entry: Entry, made: Offer) -> WaitlistWithdrawn:
    WITHDRAW(entry.status)
    return _told(WaitlistWithdrawn, entry, made)


def leave(entry: Entry) -> WaitlistLeft:
    """Raises `EntryOver`."""
    LEAVE(entry.status)
    return WaitlistLeft.model_validate(entry.facts())


def lapse(entry: Entry) -> WaitlistLapsed:
    LAPSE(entry.status)
    return WaitlistLapsed.model_validate(entry.facts())


E = TypeVar("E", bound=WaitlistOfferEvent)


def _told(event: type[E], entry: Entry, made: Offer) -> E:
    return event.model_validate(entry.facts() | made.facts())
