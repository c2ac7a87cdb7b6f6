"""What is done with members. Other rooms move and release them through these functions."""

from services.membership.handlers.members.joining import candidate_of, extend_probation, record_step
from services.membership.handlers.members.roll import (
    change,
    come_back,
    erase,
    follow,
    leave,
    merge,
    move,
    register,
)
from services.membership.handlers.members.sweeps import JOINING_SWEEP, WHEREABOUTS_SWEEP
from services.membership.handlers.members.whereabouts import locate, settle_self_removal

__all__ = [
    "JOINING_SWEEP",
    "WHEREABOUTS_SWEEP",
    "candidate_of",
    "change",
    "come_back",
    "erase",
    "extend_probation",
    "follow",
    "leave",
    "locate",
    "merge",
    "move",
    "record_step",
    "register",
    "settle_self_removal",
]
