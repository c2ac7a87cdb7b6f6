"""Transfers of membership: one function a command; `clock` holds what nobody commands."""

from services.membership.handlers.transfers.open import announce_arrival, send, set_validity
from services.membership.handlers.transfers.steps import (
    cancel,
    receive,
    redirect,
    remind,
    send_back,
)

__all__ = [
    "announce_arrival",
    "cancel",
    "receive",
    "redirect",
    "remind",
    "send",
    "send_back",
    "set_validity",
]
