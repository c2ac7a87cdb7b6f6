"""Fields of views that a file says in words."""

from typing import Annotated
from uuid import UUID

from services.bases.tables.courses import CourseRow, HallRow
from services.bases.tables.lecturers.rows import LecturerRow
from services.bases.tables.rows import BaseRow, GuestRow, OrganisationRow, VenueRow
from services.chassis.http.words import called

BaseId = Annotated[UUID, called(BaseRow.name)]
VenueId = Annotated[UUID, called(VenueRow.name)]
OrganisationId = Annotated[UUID, called(OrganisationRow.name, GuestRow.name)]
CourseId = Annotated[UUID, called(CourseRow.name)]
HallId = Annotated[UUID, called(HallRow.name)]
LecturerId = Annotated[UUID, called(LecturerRow.code)]
"""By code: a file says no names of persons."""
