"""Every rule with numbers that bases keeps, so that districts can read and renew them."""

from services.bases.domain import contacts, feedback, notices
from services.bases.domain.bookings import terms
from services.bases.domain.feeds import terms as feeds
from services.bases.domain.lecturers import rules as lecturers
from services.bases.domain.series import rules as series
from services.bases.domain.visits import codes
from services.bases.domain.waitlist import terms as waitlist
from services.chassis.rules import Rule

RULES: tuple[type[Rule], ...] = (
    *terms.RULES,
    *feeds.RULES,
    *lecturers.RULES,
    *series.RULES,
    *waitlist.RULES,
    *notices.RULES,
    *contacts.RULES,
    *feedback.RULES,
    *codes.RULES,
)
