"""HTTP routes of volunteering: teams, skills, menu, requests, help files, micro-wishes."""

from services.membership.api.volunteering import help as help_files
from services.membership.api.volunteering import menu, requests, skills, teams, wishes, zones

routers = (
    *teams.routers,
    *skills.routers,
    *zones.routers,
    *menu.routers,
    *requests.routers,
    *help_files.routers,
    *wishes.routers,
)
