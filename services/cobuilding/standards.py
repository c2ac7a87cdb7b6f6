"""Every rule with numbers that co-building keeps, so that districts can read and renew them."""

from services.chassis.rules import Rule
from services.cobuilding.domain.agreements import reminders

RULES: tuple[type[Rule], ...] = (*reminders.RULES,)
