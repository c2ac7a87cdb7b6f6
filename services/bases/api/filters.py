"""What lists of bases may be asked."""

from contracts.areas import AreaCode
from services.chassis.http import listing


class Filters(listing.Filters):
    """`within` without a word of its own: the contract has never described it."""

    within: AreaCode | None = None
