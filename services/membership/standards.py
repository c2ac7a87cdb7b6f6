"""Every rule with numbers that membership keeps, so that districts can read and renew them."""

from services.chassis.rules import Rule
from services.membership.domain import (
    appraisal,
    books,
    coverage,
    reserve,
    sizes,
    terms,
    transfers,
)
from services.membership.domain.activities import TrainingHours
from services.membership.domain.cadence import PartOfPeriod
from services.membership.domain.calendar import CalendarDue
from services.membership.domain.dues import decisions as dues
from services.membership.domain.liaison.rotas import DutyHorizon
from services.membership.domain.members import rules as members
from services.membership.domain.volunteering import rules as volunteering
from services.membership.domain.working import standards as working

RULES: tuple[type[Rule], ...] = (
    *sizes.RULES,
    *terms.RULES,
    *coverage.RULES,
    *reserve.RULES,
    CalendarDue,
    DutyHorizon,
    *books.RULES,
    *members.RULES,
    *working.RULES,
    *transfers.RULES,
    *dues.RULES,
    TrainingHours,
    PartOfPeriod,
    *appraisal.RULES,
    *volunteering.RULES,
)
