"""Commands on sign-ups. Seats are taken by a guarded update: the counter is never read first."""

from datetime import datetime

from services.bases.domain.courses import life, sessions
from services.bases.domain.courses.model import SignUp
from services.bases.domain.courses.refusals import SignedUpAlready
from services.bases.handlers.organisations import check_known
from services.bases.tables import courses as tables
from services.bases.tables.courses import Lesson, SessionRow, SignUpRow
from services.chassis.unit_of_work import UnitOfWork


async def sign_up(session: SessionRow, asked: SignUp, uow: UnitOfWork, at: datetime) -> SignUpRow:
    """Raises `SessionOver`, `SignUpClosed`, `SignedUpAlready` or `SessionFull`."""
    lesson = await tables.lesson(uow.session, session)
    if asked.organisation_id is not None:
        await check_known(uow, asked.organisation_id)
    event = sessions.sign_up(lesson.state(), asked, at=at)
    await _take(uow, lesson, asked.headcount, at)
    # Seats are ours, so nobody else of the organisation is between the look and the insert.
    if asked.organisation_id is not None and await tables.signed_up(
        uow, asked.session_id, asked.organisation_id
    ):
        raise SignedUpAlready(
            "Change the sign-up that stands instead.",
            zh="该组织已报名此场次；人数有变请变更原报名。",
            field="organisation_id",
        )
    return uow.begin(SignUpRow.of(asked, recorded_at=uow.now), event, at)


async def resize(row: SignUpRow, headcount: int, uow: UnitOfWork, at: datetime) -> SignUpRow:
    """Takes or gives back the difference. Raises what `sign_up` does, and `SignUpOver`."""
    lesson = await _lesson(uow, row)
    event = sessions.resize(lesson.state(), row, headcount, at=at)
    if event is None:
        return row
    await _take(uow, lesson, headcount - row.headcount, at)
    return uow.step(row, event, at, headcount=headcount)


async def withdraw(row: SignUpRow, uow: UnitOfWork, at: datetime) -> SignUpRow:
    """Its seats are free again."""
    event = sessions.withdraw((await _lesson(uow, row)).state(), row, at=at)
    await tables.give_back(uow, row.session_id, row.headcount)
    return uow.step(row, event, at, status=life.WITHDRAW.to)


async def attend(row: SignUpRow, came: int, uow: UnitOfWork, at: datetime) -> SignUpRow:
    """How many of those signed up came; until the session is closed as held."""
    event = sessions.attend((await _lesson(uow, row)).state(), row, came, at=at)
    return row if came == row.attended else uow.step(row, event, at, attended=came)


async def _lesson(uow: UnitOfWork, row: SignUpRow) -> Lesson:
    return await tables.lesson(
        uow.session, await tables.one(uow.session, SessionRow, row.session_id)
    )


async def _take(uow: UnitOfWork, lesson: Lesson, headcount: int, at: datetime) -> None:
    """Raises `SessionFull`, or `SessionOver` when it ended meanwhile."""
    row = lesson.row
    if await tables.take(uow, row.session_id, headcount):
        return
    await tables.one(uow.session, SessionRow, row.session_id, lock=True)
    sessions.check_taking(lesson.state(), at)
    following = await tables.following(uow, row, headcount, at)
    raise sessions.full(row.seats - row.taken, following)
