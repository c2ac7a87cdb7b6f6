"""Fields of views that a file says in words; persons by the code of their ledger, never by name."""

from typing import Annotated
from uuid import UUID

from services.chassis.http.words import called, of_family
from services.membership.tables.coverage import InstructorRow, NewOrganisationRow
from services.membership.tables.liaison.rows import PointRow
from services.membership.tables.members.rows import MemberRow
from services.membership.tables.organisations import OrganisationRow
from services.membership.tables.working.rows import EmployerRow, RegistrantRow

OrganisationId = Annotated[UUID, called(OrganisationRow.name)]
MemberId = Annotated[UUID, called(MemberRow.code)]
HolderId = Annotated[UUID, called(MemberRow.code, RegistrantRow.code)]
InstructorId = Annotated[UUID, called(InstructorRow.code)]
NewOrganisationId = Annotated[UUID, called(NewOrganisationRow.name)]
EmployerId = Annotated[UUID, called(EmployerRow.name)]
PointId = Annotated[UUID, called(PointRow.label)]

OrganisationKind = Annotated[str, of_family("organisation")]
ActivityKind = Annotated[str, of_family("activity")]
ProfileKind = Annotated[str, of_family("profile")]
