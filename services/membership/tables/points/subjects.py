"""Where those live who have points: the rows of other rooms, read only."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.points import SubjectType
from services.chassis.database import execute

WHERE = {
    SubjectType.MEMBER: "SELECT area, organisation_id FROM member WHERE member_id = :id",
    SubjectType.REGISTRANT: (
        "SELECT area, CAST(NULL AS uuid) AS organisation_id FROM registrant"
        " WHERE registrant_id = :id"
    ),
    SubjectType.ORGANISATION: (
        "SELECT area, organisation_id FROM organisation WHERE organisation_id = :id"
    ),
}


@dataclass(frozen=True)
class Place:
    """The area and the organisation whose ledger a subject is in. A working member has none."""

    area: str
    organisation_id: UUID | None


async def place_of(
    session: AsyncSession, subject_type: SubjectType, subject_id: UUID
) -> Place | None:
    row = (await execute(session, WHERE[subject_type], {"id": subject_id})).first()
    return Place(row.area, row.organisation_id) if row else None
