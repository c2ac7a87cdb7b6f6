"""Every rule with numbers that membership keeps, so that districts can read and renew them."""

from services.chassis.rules import Rule
from services.membership.domain.calendar import CalendarDue

RULES: tuple[type[Rule], ...] = (CalendarDue,)
