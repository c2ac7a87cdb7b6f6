"""Dues over HTTP. Money is in 分, a month is its first day."""

from services.membership.api.dues import commands, queries

routers = (commands.commands, queries.queries)
