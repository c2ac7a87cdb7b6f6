"""Figures of volunteering: teams, the menu, hours and stars, help files, micro-wishes."""

from services.projector.declare import Figure, Naming
from services.projector.figures.volunteering.help import HELP, WISHES
from services.projector.figures.volunteering.menu import BOUNDS, MENU
from services.projector.figures.volunteering.teams import HOURS, TEAMS

FIGURES: tuple[Figure, ...] = (*TEAMS, *MENU, *BOUNDS, *HOURS, *HELP, *WISHES)
NAMES: tuple[Naming, ...] = ()
