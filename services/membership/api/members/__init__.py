"""HTTP routes of members."""

from services.membership.api.members import headcounts, joining, lists, personal, roll
from services.membership.api.members.common import commands, queries

routers = (commands, queries)

__all__ = ["headcounts", "joining", "lists", "personal", "roll", "routers"]
