"""The ledgers there are, in the order in which they must be brought in."""

from contracts.areas import LEVEL_LABEL
from contracts.kinds import BaseKind, Channel, OrganisationKind, Sharing, VenueKind, VisitorLevel
from ops.ledger.ledgers.bases import BASES, VENUES, VISITS
from ops.ledger.ledgers.membership import AREAS, ORGANISATIONS
from ops.ledger.model import Ledger, Vocabulary

VOCABULARY: Vocabulary = {
    family: {code.value: code.label for code in codes}
    for family, codes in {
        "organisation": OrganisationKind,
        "base": BaseKind,
        "venue": VenueKind,
        "sharing": Sharing,
        "channel": Channel,
        "visitor_level": VisitorLevel,
    }.items()
} | {"area_level": {level.value: label for level, label in LEVEL_LABEL.items()}}
"""What is known without asking; families of kinds may have more entries in a running service."""

LEDGERS: tuple[Ledger, ...] = (AREAS, ORGANISATIONS, BASES, VENUES, VISITS)
"""A ledger refers only to itself and to those before it."""

BY_NAME: dict[str, Ledger] = {ledger.name: ledger for ledger in LEDGERS}
