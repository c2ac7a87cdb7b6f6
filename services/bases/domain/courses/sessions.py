"""Sessions of courses: seats, who signed up, how many came (讲习场次). Counts, never persons."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from contracts.bases.courses import (
    SessionAnnounced,
    SessionCancelled,
    SessionChanged,
    SessionCompleted,
    SignUpAccepted,
    SignUpAttended,
    SignUpChanged,
    SignUpWithdrawn,
)
from contracts.kinds.courses import Unmarked
from services.bases.domain.bookings.refusals import ImpossibleTime, OverCapacity
from services.bases.domain.courses import life
from services.bases.domain.courses.model import Room, Session, SignUp
from services.bases.domain.courses.refusals import (
    AttendanceMissing,
    MoreThanSignedUp,
    NotOfSession,
    SeatsBelowSignUps,
    SessionFull,
    SessionInTheWay,
    SessionNotBegun,
    SignUpClosed,
    VenueNotHeld,
)
from services.chassis.clock import LOCAL

S = TypeVar("S", bound=SignUp)

LONGEST = timedelta(hours=24)
"""A course of several days is several sessions, so that each day's attendance is counted."""


# Decisions about sessions


def announce(session: Session, *, at: datetime) -> SessionAnnounced:
    """Raises `ImpossibleTime`."""
    _check_times(session)
    _check_ahead(session, at)
    return SessionAnnounced(**session.facts())


def record(session: Session, attended: int) -> tuple[SessionAnnounced, SessionCompleted]:
    """A session out of the paper ledger: all who came, came unannounced. Raises `ImpossibleTime`.

    The caller checks that it has ended.
    """
    _check_times(session)
    held = SessionCompleted(
        **session.facts(),
        attended_headcount=attended,
        walk_in_headcount=attended,
        absent_headcount=0,
    )
    return SessionAnnounced(**session.facts()), held


def change(was: Session, now: Session, *, at: datetime) -> SessionChanged | None:
    """`None` when nothing changes. Raises `SessionOver`, `ImpossibleTime`, `SeatsBelowSignUps`."""
    life.CHANGE(was.status)
    if now == was:
        return None
    _check_times(now)
    if now.starts_at != was.starts_at:
        _check_ahead(now, at)
    if now.seats < was.taken:
        raise SeatsBelowSignUps(
            f"{was.taken} seats are taken.",
            zh=f"已报名 {was.taken} 人，座位数不能低于此数。",
            field="seats",
            least=was.taken,
        )
    return _changed(was, now)


def _changed(was: Session, now: Session) -> SessionChanged:
    return SessionChanged(
        **now.facts(),
        was_starts_at=was.starts_at,
        was_ends_at=was.ends_at,
        was_venue_id=was.venue_id,
        was_lecturer_id=was.lecturer_id,
        was_seats=was.seats,
    )


def with_closing(was: Session, changes: Mapping[str, Any]) -> dict[str, Any]:
    """`changes`, with the closing of sign-ups going along when it was the start itself."""
    if was.closes_at == was.starts_at and "starts_at" in changes:
        return {"closes_at": changes["starts_at"], **changes}
    return dict(changes)


def check_room(session: Session, room: Room | None, hall_venue: UUID | None) -> None:
    """`hall_venue` is the venue that the hall itself is. Raises `VenueNotHeld`, `OverCapacity`."""
    if room is None:
        if hall_venue is not None:
            raise VenueNotHeld(
                "The hall is a venue of a base: book it, and name the booking.",
                zh="该讲习场所是基地的场馆，请先预约场馆并填写预约编号。",
                field="booking_id",
                venue_id=str(hall_venue),
            )
        return
    if not room.holds or not room.spans(session):
        since, until = (at.astimezone(LOCAL) for at in (room.starts_at, room.ends_at))
        raise VenueNotHeld(
            f"The booking holds it from {since.isoformat()} until {until.isoformat()}."
            if room.holds
            else "The booking holds nothing any more.",
            zh=f"该预约的时段为 {since:%m月%d日 %H:%M} 至 {until:%m月%d日 %H:%M}。"
            if room.holds
            else "该预约已不再占用场馆。",
            field="booking_id",
            starts_at=since.isoformat(),
            ends_at=until.isoformat(),
        )
    if session.seats > room.places:
        raise OverCapacity(
            f"{session.seats} seats; the booking holds {room.places} places.",
            zh=f"座位 {session.seats} 个超过场馆预约的 {room.places} 人。",
            field="seats",
            capacity=room.places,
        )


def lose_venue(was: Session) -> SessionChanged:
    """The booking of its venue is not held: staff find it another, or cancel it."""
    return _changed(was, was.model_copy(update={"venue_id": None, "booking_id": None}))


def check_stays(session: Session, room: Room) -> None:
    """`room` is what its booking is to hold from now on. Raises `SessionInTheWay`."""
    if not room.spans(session) or room.venue_id != session.venue_id:
        raise SessionInTheWay(
            f"Session {session.session_id} needs the venue until {session.ends_at.isoformat()}.",
            zh="该预约为讲习场次占用场馆，请先变更或取消该场次。",
            field="starts_at",
            session_id=str(session.session_id),
            starts_at=session.starts_at.isoformat(),
            ends_at=session.ends_at.isoformat(),
        )


def cancel(session: Session) -> SessionCancelled:
    life.CANCEL(session.status)
    return SessionCancelled(**session.facts(), signed_up_headcount=session.taken)


def hold(
    session: Session,
    sign_ups: Sequence[S],
    came: Mapping[UUID, int],
    walk_ins: int,
    unmarked: Unmarked | None,
    *,
    at: datetime,
) -> tuple[SessionCompleted, list[tuple[S, SignUpAttended]]]:
    """What it came to, and the attendances that holding it notes along.

    `sign_ups` are those that stand, `came` says of some how many came; the rest as noted before. Of
    what nobody noted, `unmarked` says how it is meant. Raises `SessionOver`, `SessionNotBegun`,
    `NotOfSession`, `MoreThanSignedUp` or `AttendanceMissing`.
    """
    life.HOLD(session.status)
    _check_begun(session, at)
    _check_known(came, sign_ups)
    noted = []
    attended = 0
    missing = []
    for each in sign_ups:
        told = came.get(each.sign_up_id, each.attended)
        if told is None and unmarked is None:
            missing.append(str(each.sign_up_id))
            continue
        if told is None:
            told = each.headcount if unmarked is Unmarked.CAME else 0
        if told != each.attended:
            noted.append((each, attend(session, each, told, at=at)))
        attended += told
    if missing:
        raise _unmarked(missing)
    completed = SessionCompleted(
        **session.facts(),
        attended_headcount=attended + walk_ins,
        walk_in_headcount=walk_ins,
        absent_headcount=sum(each.headcount for each in sign_ups) - attended,
    )
    return completed, noted


def _check_known(came: Mapping[UUID, int], sign_ups: Sequence[SignUp]) -> None:
    unknown = [str(key) for key in came if key not in {each.sign_up_id for each in sign_ups}]
    if unknown:
        raise NotOfSession(
            f"No sign-up of this session: {', '.join(unknown)}.",
            zh="所填报名不属于本场次，或已退出。",
            field="came",
            value=unknown,
        )


def _unmarked(missing: Sequence[str]) -> AttendanceMissing:
    return AttendanceMissing(
        "Note them, or say by `unmarked` what is meant.",
        zh=f"尚有 {len(missing)} 个报名未登记到场人数；请逐一登记，或统一说明。",
        field="unmarked",
        sign_ups=missing,
    )


def _check_begun(session: Session, at: datetime) -> None:
    if at < session.starts_at:
        raise SessionNotBegun(
            f"It begins at {session.starts_at.isoformat()}.",
            zh="该场次尚未开始。",
            starts_at=session.starts_at.isoformat(),
        )


def _check_ahead(session: Session, at: datetime) -> None:
    if session.starts_at < at:
        raise ImpossibleTime(
            "It began before; enter a session that was held as held.",
            zh="开始时刻已过；已举办的场次请按“补录”登记。",
            field="starts_at",
        )


def _check_times(session: Session) -> None:
    if session.ends_at <= session.starts_at:
        raise ImpossibleTime(
            "`ends_at` must be after `starts_at`.", zh="结束时刻应晚于开始时刻。", field="ends_at"
        )
    if session.ends_at - session.starts_at > LONGEST:
        raise ImpossibleTime(
            f"A session lasts at most {LONGEST}.", zh="一个场次至多 24 小时。", field="ends_at"
        )
    if session.closes_at > session.starts_at:
        raise ImpossibleTime(
            "Signing up closes when the session begins, at the latest.",
            zh="报名截止不能晚于开始时刻。",
            field="closes_at",
        )


# Decisions about sign-ups


def sign_up(session: Session, asked: SignUp, *, at: datetime) -> SignUpAccepted:
    """What can be refused without the counter of seats. Raises `SessionOver` or `SignUpClosed`."""
    check_taking(session, at)
    return SignUpAccepted(**asked.facts(session))


def resize(session: Session, was: SignUp, headcount: int, *, at: datetime) -> SignUpChanged | None:
    """`None` when nothing changes. Raises `SignUpOver`, `SessionOver` or `SignUpClosed`."""
    life.RESIZE(was.status)
    check_taking(session, at)
    if headcount == was.headcount:
        return None
    facts = was.facts(session) | {"headcount": headcount}
    return SignUpChanged(**facts, was_headcount=was.headcount)


def withdraw(session: Session, was: SignUp, *, at: datetime) -> SignUpWithdrawn:
    """Until the session begins, even after signing up has closed.

    Raises `SignUpOver`, `SessionOver` or `SignUpClosed`.
    """
    life.WITHDRAW(was.status)
    life.LET_GO(session.status)
    if at >= session.starts_at:
        raise _closed(session.starts_at, "The session has begun.", "该场次已经开始。")
    return SignUpWithdrawn(**was.facts(session), session_cancelled=False)


def withdrawn_with(session: Session, was: SignUp) -> SignUpWithdrawn:
    """The session will not be held."""
    life.WITHDRAW(was.status)
    return SignUpWithdrawn(**was.facts(session), session_cancelled=True)


def attend(session: Session, was: SignUp, came: int, *, at: datetime) -> SignUpAttended:
    """Raises `SignUpOver`, `SessionOver`, `SessionNotBegun` or `MoreThanSignedUp`."""
    life.ATTEND(was.status)
    life.NOTE(session.status)
    _check_begun(session, at)
    if came > was.headcount:
        raise MoreThanSignedUp(
            f"{was.headcount} had signed up; note the others as walk-ins.",
            zh=f"报名 {was.headcount} 人；多出的请登记为未报名到场。",
            field="headcount",
            most=was.headcount,
        )
    return SignUpAttended(
        **was.facts(session), attended_headcount=came, was_attended_headcount=was.attended
    )


def check_taking(session: Session, at: datetime) -> None:
    life.TAKE(session.status)
    if at >= session.closes_at:
        raise _closed(session.closes_at, "Signing up has closed.", "报名已截止。")


def _closed(since: datetime, detail: str, zh: str) -> SignUpClosed:
    return SignUpClosed(f"{detail} It did at {since.isoformat()}.", zh=zh, at=since.isoformat())


def full(free: int, following: Sequence[tuple[UUID, datetime, int]]) -> SessionFull:
    """`following` are later sessions of the course with room: id, start, seats left."""
    shown = "、".join(
        f"{start.astimezone(LOCAL):%m月%d日 %H:%M}（余 {left} 座）" for _, start, left in following
    )
    return SessionFull(
        f"{free} seats are left.",
        zh=f"本场次仅剩 {free} 个座位。" + (f"同一课程尚有：{shown}。" if shown else ""),
        field="headcount",
        free=free,
        following=[
            {"session_id": str(key), "starts_at": start.isoformat(), "free": left}
            for key, start, left in following
        ],
    )
