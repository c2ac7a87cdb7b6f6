"""Dues over HTTP. Money is in 分, a month is its first day."""

from services.membership.api.dues.commands import commands
from services.membership.api.dues.queries import queries

routers = (commands, queries)
