"""Every figure there is, a module a room. A new one is an entry there and a test: the rollups by
day and area, the drill-down, the catalogue and the place in the work summary follow from it.
"""

from services.projector.declare import Catalogue
from services.projector.figures import (
    activities,
    alerts,
    appraisal,
    bases,
    books,
    cadence,
    calendar,
    cobuilding,
    courses,
    dues,
    feedback,
    guests,
    lecturers,
    liaison,
    members,
    menu,
    notices,
    opening,
    organisations,
    partners,
    places,
    points,
    series,
    transfers,
    visits,
    volunteering,
    waitlist,
    working,
)

ROOMS = (
    organisations,
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
    cobuilding,
    bases,
    visits,
    places,
    partners,
    opening,
    guests,
    menu,
    courses,
    series,
    waitlist,
    feedback,
    notices,
    lecturers,
    books,
    alerts,
    calendar,
)
"""In the order in which the catalogue shows them."""

CATALOGUE = Catalogue(
    (figure for room in ROOMS for figure in room.FIGURES),
    (naming for room in ROOMS for naming in room.NAMES),
)
