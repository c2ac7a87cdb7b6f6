"""Every rule with numbers that membership keeps, so that districts can read and renew them."""

from services.chassis.rules import Rule

RULES: tuple[type[Rule], ...] = ()
