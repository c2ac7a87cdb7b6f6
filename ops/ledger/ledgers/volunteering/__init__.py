"""Ledgers of volunteering: teams, the menu and its register, help files and pairs, wishes."""

from contracts.kinds.books import Bound
from contracts.kinds.volunteering import (
    DifficultyKind,
    HelpGrade,
    PairMode,
    RequestChannel,
    ServiceKind,
    ServiceMeasure,
    StarTier,
    TeamKind,
    WishKind,
)
from ops.ledger.ledgers.volunteering.help import HELP_FILES, HELP_PAIRS, WISHES
from ops.ledger.ledgers.volunteering.service import ITEMS, REQUESTS, STATEMENTS, TEAMS
from ops.ledger.model import Ledger, Vocabulary

VOCABULARY: Vocabulary = {
    family: {each.value: each.label for each in codes}
    for family, codes in {
        "volunteer_team": TeamKind,
        "volunteer_service": ServiceKind,
        "star_tier": StarTier,
        "request_channel": RequestChannel,
        "difficulty": DifficultyKind,
        "help_grade": HelpGrade,
        "pair_mode": PairMode,
        "wish": WishKind,
        "service_measure": ServiceMeasure,
        "bound": Bound,
    }.items()
}
LEDGERS: tuple[Ledger, ...] = (
    TEAMS,
    ITEMS,
    REQUESTS,
    HELP_FILES,
    HELP_PAIRS,
    WISHES,
    STATEMENTS,
)
