"""Dues: one function a command; `clock` holds what nobody commands."""

from services.membership.handlers.dues.payments import record_payment, reverse_payment
from services.membership.handlers.dues.reliefs import approve, end, propose, refuse
from services.membership.handlers.dues.returns import record_return, reverse_return
from services.membership.handlers.dues.standards import set_standard

__all__ = [
    "approve",
    "end",
    "propose",
    "record_payment",
    "record_return",
    "refuse",
    "reverse_payment",
    "reverse_return",
    "set_standard",
]
