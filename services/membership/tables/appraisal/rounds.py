"""Rounds, who takes part, and what was said: tallies only.

Of a sheet of peer ratings two things are kept: that its rater handed one in, as a digest under the
round's secret, and the tallies it added to. Neither leads to the other, and with the secret gone
at the end of the round not even who handed one in can be told.
"""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import RowMapping
from sqlmodel import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.appraisal import AppraisalFeedback, AppraisalResult
from services.chassis.database import execute
from services.membership.domain.appraisal.rounds import Participant, Round, Tally
from services.membership.tables.rows import Row

RESULTS = tuple(result.value for result in AppraisalResult)


class RoundRow(Round, Row, table=True):
    __tablename__ = "appraisal_round"

    round_id: UUID = Field(primary_key=True)
    secret: bytes | None = None
    version: int = 1


ENROL = """
INSERT INTO appraisal_participant (round_id, member_id, year, votes)
SELECT :round_id, member_id, :year, state = 'full' FROM member m
 WHERE organisation_id = :organisation_id AND state IN ('probationary', 'full')
   AND NOT EXISTS (SELECT FROM appraisal_result r
                    WHERE r.member_id = m.member_id AND r.year = :year)
 ORDER BY member_id
ON CONFLICT (member_id, year) DO NOTHING
"""
PARTICIPANTS = "SELECT * FROM appraisal_participant WHERE round_id = :id ORDER BY member_id"
JOIN = """
INSERT INTO appraisal_participant (round_id, member_id, year, votes, mobile)
SELECT :round_id, CAST(:member_id AS uuid), CAST(:year AS int), :votes, :mobile
 WHERE NOT EXISTS (SELECT FROM appraisal_result WHERE member_id = :member_id AND year = :year)
ON CONFLICT (member_id, year) DO NOTHING RETURNING member_id
"""
RELEASE = """
DELETE FROM appraisal_participant WHERE round_id = :round_id AND member_id = :member_id
RETURNING member_id
"""
SAY = """
UPDATE appraisal_participant
   SET self_rating = coalesce(:self_rating, self_rating), feedback = coalesce(:feedback, feedback)
 WHERE round_id = :round_id AND member_id = :member_id RETURNING member_id
"""
HAND_IN = """
INSERT INTO appraisal_sheet (round_id, digest) VALUES (:round_id, :digest)
ON CONFLICT DO NOTHING RETURNING round_id
"""
COUNT_SHEET = """
UPDATE appraisal_round SET sheets = sheets + 1 WHERE round_id = :round_id RETURNING sheets
"""
RATE = {
    result: (
        f"UPDATE appraisal_participant SET peers_{result} = peers_{result} + 1"  # noqa: S608  our own codes
        " WHERE round_id = :round_id AND member_id = ANY(:rated)"
    )
    for result in RESULTS
}
BALLOT = """
UPDATE appraisal_participant
   SET ballot_excellent = :excellent, ballot_qualified = :qualified, ballot_basic = :basic,
       ballot_unqualified = :unqualified
 WHERE round_id = :round_id AND member_id = :member_id
"""
COLLECTED = "UPDATE appraisal_round SET ballots = :ballots WHERE round_id = :round_id"
FORGET = "DELETE FROM appraisal_sheet WHERE round_id = :round_id"


async def enrol(session: AsyncSession, round_: Round) -> int:
    """How many take part."""
    given = round_.model_dump(include={"round_id", "organisation_id", "year"})
    return (await execute(session, ENROL, given)).rowcount


async def participants(session: AsyncSession, round_id: UUID) -> list[Participant]:
    """Without points and attendance, in order of their ids."""
    rows = await execute(session, PARTICIPANTS, {"id": round_id})
    return [_participant(row) for row in rows.mappings()]


def _participant(row: RowMapping) -> Participant:
    tallies = {
        said: {result: row[f"{said}_{result}"] for result in RESULTS}
        for said in ("peers", "ballot")
    }
    return Participant.model_validate(dict(row) | tallies)


async def join(
    session: AsyncSession, round_: Round, member_id: UUID, *, votes: bool, mobile: bool
) -> bool:
    """False when the member takes part elsewhere, or has a result of that year."""
    given = {
        "round_id": round_.round_id,
        "member_id": member_id,
        "year": round_.year,
        "votes": votes,
        "mobile": mobile,
    }
    return (await execute(session, JOIN, given)).first() is not None


async def release(session: AsyncSession, round_id: UUID, member_id: UUID) -> bool:
    given = {"round_id": round_id, "member_id": member_id}
    return (await execute(session, RELEASE, given)).first() is not None


async def say(
    session: AsyncSession,
    round_id: UUID,
    member_id: UUID,
    self_rating: AppraisalResult | None,
    feedback: AppraisalFeedback | None,
) -> bool:
    """Write down what is given; false when the member does not take part."""
    given = {
        "round_id": round_id,
        "member_id": member_id,
        "self_rating": self_rating,
        "feedback": feedback,
    }
    return (await execute(session, SAY, given)).first() is not None


async def hand_in(
    session: AsyncSession, round_id: UUID, digest: bytes, rated: Mapping[UUID, AppraisalResult]
) -> int | None:
    """Count a sheet; how many there are now, `None` when this rater has handed one in."""
    sheet = {"round_id": round_id, "digest": digest}
    if (await execute(session, HAND_IN, sheet)).first() is None:
        return None
    for result in AppraisalResult:
        chosen = [member_id for member_id, said in rated.items() if said is result]
        if chosen:
            given = {"round_id": round_id, "rated": chosen}
            await execute(session, RATE[result.value], given)
    return int((await execute(session, COUNT_SHEET, {"round_id": round_id})).scalar_one())


async def keep_ballot(
    session: AsyncSession, round_id: UUID, ballots: int, tallies: Mapping[UUID, Tally]
) -> None:
    """What the count gave; a second count replaces the first."""
    await execute(session, COLLECTED, {"round_id": round_id, "ballots": ballots})
    for member_id, tally in tallies.items():
        given = {"round_id": round_id, "member_id": member_id}
        await execute(session, BALLOT, given | tally.model_dump())


async def forget(session: AsyncSession, round_id: UUID) -> None:
    """Who handed in a sheet."""
    await execute(session, FORGET, {"round_id": round_id})
