"""New-economy and social organisations (两新): what reaches them, who instructs them. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.kinds.alerts import Severity
from contracts.kinds.organisations import Coverage
from contracts.membership.coverage import (
    InstructionEnded,
    InstructionEvent,
    InstructorAppointed,
    InstructorAssigned,
    InstructorReleased,
    InstructorVisited,
    NewOrganisationChanged,
    NewOrganisationClosed,
    NewOrganisationEvent,
    NewOrganisationRegistered,
)
from services.chassis.errors import Conflict, Invalid
from services.chassis.periods import after_months, end_of_month
from services.chassis.rules import EVER, Book, Rule, Stated
from services.chassis.state import State
from services.membership.domain.sizes import BRANCH_RULES

BUILT = frozenset({Coverage.SEPARATE, Coverage.JOINT, Coverage.ATTACHED})
"""Ways in which an organisation is reached; each names the organisation that does it."""


class CoverageDue(Rule):
    code: ClassVar[str] = "coverage.due"
    label: ClassVar[str] = "两新组织应建党组织"

    from_members: int = Field(ge=1, title="正式党员达到（人）应建")


class InstructorVisits(Rule):
    code: ClassVar[str] = "instructor.visits"
    label: ClassVar[str] = "党建指导员走访"

    every_months: int = Field(ge=1, le=12, title="至少每（月）走访一次")


FIRST = (
    Stated(CoverageDue(from_members=3), "2018", EVER, Severity.WARN, f"{BRANCH_RULES}第二章"),
    Stated(InstructorVisits(every_months=1), "1", EVER, Severity.WARN, "党建指导员工作制度"),
)
RULES: tuple[type[Rule], ...] = (CoverageDue, InstructorVisits)


# State and commands


class NewOrganisation(State):
    """`members` are the full members who work there, wherever they belong."""

    neworg_id: UUID
    code: str = Field(title="代码")
    name: str = Field(title="名称")
    kind: str = Field(title="类别")
    area: str = Field(title="区划")
    employees: int = Field(title="从业人数")
    members: int = Field(title="党员人数")
    coverage: Coverage = Field(title="覆盖方式")
    organisation_id: UUID | None = Field(title="覆盖的党组织")

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats: its whole state."""
        repeated = self.model_dump(include=set(NewOrganisationEvent.model_fields))
        return repeated | {"headcount": self.members}


class Instructor(State):
    instructor_id: UUID
    code: str = Field(title="代码")
    area: str = Field(title="区划")
    member_id: UUID | None = Field(title="党员编号")
    since: date = Field(title="选派日期")
    until: date | None = Field(title="卸任日期")


class Instruction(State):
    """One instructor's charge of one organisation."""

    instruction_id: UUID
    instructor_id: UUID
    neworg_id: UUID
    area: str
    kind: str
    since: date
    due_on: date

    def facts(self) -> dict[str, Any]:
        """What every event about the charge repeats."""
        return self.model_dump(include=set(InstructionEvent.model_fields))


# Refusals


class CoveringMissing(Invalid):
    code = "covering-organisation-missing"
    title, title_zh = "Say which organisation covers it", "已建的须填写所建（依托）的党组织"


class CoveringNeedless(Invalid):
    code = "covering-organisation-needless"
    title, title_zh = "What is not covered has no covering organisation", "未建的不填写党组织"


class StillInstructing(Conflict):
    code = "still-instructing"
    title, title_zh = "The instructor has organisations in charge", "该指导员仍有联系的组织"


class Instructed(Conflict):
    code = "already-instructed"
    title, title_zh = "The organisation has an instructor", "该组织已有党建指导员"


class InstructorGone(Conflict):
    code = "instructor-released"
    title, title_zh = "The instructor was released", "该指导员已卸任"


class EndsBeforeStart(Invalid):
    code = "ends-before-start"
    title, title_zh = "It cannot end before it began", "结束日期不能早于开始日期"


class VisitOutside(Invalid):
    code = "visit-outside-charge"
    title, title_zh = "The visit lies before the charge began", "走访日期早于选派日期"


# Decisions


def check_coverage(coverage: Coverage, organisation_id: UUID | None) -> None:
    """Raises `CoveringMissing` or `CoveringNeedless`."""
    if coverage in BUILT and organisation_id is None:
        raise CoveringMissing(
            f"Coverage {coverage} needs `organisation_id`.",
            zh=f"“{coverage.label}”须填写党组织。",
            field="organisation_id",
        )
    if coverage not in BUILT and organisation_id is not None:
        raise CoveringNeedless(
            f"Coverage {coverage} takes no `organisation_id`.",
            zh=f"“{coverage.label}”不填写党组织。",
            field="organisation_id",
        )


def ought_to_be_covered(organisation: NewOrganisation, book: Book) -> bool:
    """Whether it has the members for a branch of its own, and nothing reaches it."""
    enough = organisation.members >= book[CoverageDue].from_members
    return organisation.coverage is Coverage.DUE or (enough and organisation.coverage not in BUILT)


def register(organisation: NewOrganisation) -> NewOrganisationRegistered:
    check_coverage(organisation.coverage, organisation.organisation_id)
    return NewOrganisationRegistered(**organisation.facts())


def revised(was: NewOrganisation, changes: Mapping[str, Any]) -> NewOrganisation:
    """With the fields that are given; what is covered no more loses who covered it."""
    new = was.model_copy(update=changes)
    if new.coverage not in BUILT and "organisation_id" not in changes:
        return new.model_copy(update={"organisation_id": None})
    return new


def change(new: NewOrganisation, was: NewOrganisation) -> NewOrganisationChanged | None:
    """`None` when nothing changes."""
    check_coverage(new.coverage, new.organisation_id)
    if new == was:
        return None
    return NewOrganisationChanged(
        **new.facts(),
        was_kind=was.kind,
        was_area=was.area,
        was_coverage=was.coverage,
        was_employees=was.employees,
        was_headcount=was.members,
    )


def close(organisation: NewOrganisation) -> NewOrganisationClosed:
    return NewOrganisationClosed(**organisation.facts())


def check_present(instructor: Instructor) -> None:
    """Raises `InstructorGone`."""
    if instructor.until is not None:
        raise InstructorGone(
            f"Released on {instructor.until}.",
            zh=f"该指导员已于 {instructor.until} 卸任。",
            field="instructor_id",
        )


def appoint(instructor: Instructor) -> InstructorAppointed:
    return InstructorAppointed(
        area=instructor.area, instructor_id=instructor.instructor_id, since=instructor.since
    )


def release(instructor: Instructor, until: date, in_charge_of: int) -> InstructorReleased:
    """Raises `StillInstructing` or `EndsBeforeStart`."""
    if in_charge_of:
        raise StillInstructing(
            f"End the charge of {in_charge_of} organisations first.",
            zh=f"请先结束对 {in_charge_of} 个组织的联系。",
            charges=in_charge_of,
        )
    _check_end(instructor.since, until)
    return InstructorReleased(
        area=instructor.area, instructor_id=instructor.instructor_id, until=until
    )


def assign(
    instruction_id: UUID,
    instructor: Instructor,
    organisation: NewOrganisation,
    since: date,
) -> InstructorAssigned:
    """Raises `InstructorGone`. That an organisation has one at most, the database sees to."""
    check_present(instructor)
    return InstructorAssigned(
        area=organisation.area,
        instruction_id=instruction_id,
        instructor_id=instructor.instructor_id,
        neworg_id=organisation.neworg_id,
        kind=organisation.kind,
        since=since,
    )


def end(instruction: Instruction, until: date) -> InstructionEnded:
    """Raises `EndsBeforeStart`."""
    _check_end(instruction.since, until)
    return InstructionEnded(**instruction.facts(), until=until)


def visit(instruction: Instruction, day: date) -> InstructorVisited:
    """Raises `VisitOutside`."""
    if day < instruction.since:
        raise VisitOutside(
            f"The charge began on {instruction.since}.",
            zh=f"选派日期为 {instruction.since}。",
            field="visited_on",
        )
    return InstructorVisited(**instruction.facts(), visited_on=day)


def visit_due(after: date, book: Book) -> date:
    """The last day of the month by whose end the next visit is owed, after one on `after`.

    A charge that begins within a month owes its first visit by the end of the next.
    """
    return end_of_month(after_months(after, book[InstructorVisits].every_months))


def _check_end(since: date, until: date) -> None:
    if until < since:
        raise EndsBeforeStart(f"It began on {since}.", zh=f"开始日期为 {since}。", field="until")
