"""The ledgers there are, in the order in which they must be brought in."""

from ops.ledger.ledgers import (
    activities,
    appraisal,
    bases,
    books,
    cadence,
    calendar,
    courses,
    dues,
    guests,
    lecturers,
    liaison,
    members,
    menu,
    opening,
    organisations,
    points,
    transfers,
    units,
    visits,
    volunteering,
    working,
)
from ops.ledger.model import Ledger, Vocabulary

ROOMS = (
    organisations,
    calendar,
    members,
    transfers,
    dues,
    activities,
    cadence,
    working,
    points,
    appraisal,
    volunteering,
    liaison,
    books,
    units,
    guests,
    bases,
    visits,
    opening,
    menu,
    courses,
    lecturers,
)

VOCABULARY: Vocabulary = {
    family: codes for room in ROOMS for family, codes in room.VOCABULARY.items()
}
"""What is known without asking; families of kinds may have more entries in a running service."""

LEDGERS: tuple[Ledger, ...] = tuple(ledger for room in ROOMS for ledger in room.LEDGERS)
"""A ledger refers only to itself and to those before it."""

BY_NAME: dict[str, Ledger] = {ledger.name: ledger for ledger in LEDGERS}
