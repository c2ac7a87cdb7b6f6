"""Commands on sign-ups. Seats are taken by a guarded update: the counter is never read first."""

from datetime import datetime
from uuid import UUID

from contracts.kinds import Channel
from services.bases.domain.courses import life, sessions
from services.bases.domain.courses.model import SignUp
from services.bases.domain.courses.refusals import SignedUpAlready
from services.bases.handlers.organisations import check_known
from services.bases.tables import courses as tables
from services.bases.tables.courses import Held, SignUpRow
from services.chassis.http import versions
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork


async def sign_up(
    session_id: UUID,
    organisation_id: UUID | None,
    headcount: int,
    channel: Channel,
    uow: UnitOfWork,
    at: datetime,
) -> SignUpRow:
    """Raises `SessionOver`, `SignUpClosed`, `SignedUpAlready` or `SessionFull`."""
    held = await tables.held(uow.session, session_id)
    if organisation_id is not None:
        await check_known(uow, organisation_id)
    asked = SignUp(
        sign_up_id=new_id(),
        organisation_id=organisation_id,
        headcount=headcount,
        channel=channel,
    )
    event = sessions.sign_up(held.state(), asked, at=at)
    await _take(uow, held, headcount, at)
    # Seats are ours, so nobody else of the organisation is between the look and the insert.
    if organisation_id is not None and await tables.signed_up(uow, session_id, organisation_id):
        raise SignedUpAlready(
            "Change the sign-up that stands instead.",
            zh="该组织已报名此场次；人数有变请变更原报名。",
            field="organisation_id",
        )
    row = SignUpRow(
        **vars(asked) | {"channel": channel.value, "status": asked.status.value},
        session_id=session_id,
        version=1,
        recorded_at=uow.now,
    )
    uow.session.add(row)
    uow.announce(event, version=1, occurred_at=at)
    return row


async def resize(
    sign_up_id: UUID, headcount: int, expected: int, uow: UnitOfWork, at: datetime
) -> SignUpRow:
    """Takes or gives back the difference. Raises what `sign_up` does, and `SignUpOver`."""
    held, row = await _loaded(uow, sign_up_id)
    versions.check(expected, row.version)
    event = sessions.resize(held.state(), row.state(), headcount, at=at)
    if event is None:
        return row
    await _take(uow, held, headcount - row.headcount, at)
    row.headcount, row.version = headcount, row.version + 1
    uow.announce(event, version=row.version, occurred_at=at)
    return row


async def withdraw(sign_up_id: UUID, uow: UnitOfWork, at: datetime) -> SignUpRow:
    """Its seats are free again."""
    held, row = await _loaded(uow, sign_up_id)
    event = sessions.withdraw(held.state(), row.state(), at=at)
    uow.step(row, event, at, status=life.WITHDRAW.to)
    await tables.give_back(uow, row.session_id, row.headcount)
    return row


async def attend(sign_up_id: UUID, came: int, uow: UnitOfWork, at: datetime) -> SignUpRow:
    """How many of those signed up came; until the session is closed as held."""
    held, row = await _loaded(uow, sign_up_id)
    event = sessions.attend(held.state(), row.state(), came, at=at)
    if came != row.attended:
        row.attended, row.version = came, row.version + 1
        uow.announce(event, version=row.version, occurred_at=at)
    return row


async def _loaded(uow: UnitOfWork, sign_up_id: UUID) -> tuple[Held, SignUpRow]:
    """Session before sign-up: who cancels or holds the session locks them in that order."""
    session_id = (await tables.one(uow.session, SignUpRow, sign_up_id)).session_id
    held = await tables.held(uow.session, session_id, lock=True)
    return held, await tables.one(uow.session, SignUpRow, sign_up_id, lock=True)


async def _take(uow: UnitOfWork, held: Held, headcount: int, at: datetime) -> None:
    """Raises `SessionFull`, or `SessionOver` when it ended meanwhile."""
    row = held.row
    if await tables.take(uow, row.session_id, headcount):
        return
    now = await tables.held(uow.session, row.session_id, lock=True)
    sessions.check_taking(now.state(), at)
    following = await tables.following(uow, row, headcount, at)
    raise sessions.full(await tables.free(uow, row.session_id), following)
