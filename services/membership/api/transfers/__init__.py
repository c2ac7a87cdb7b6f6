"""Transfers of membership over HTTP. The sender acts in its own area, the receiver in its own."""

from services.membership.api.transfers.commands import commands
from services.membership.api.transfers.queries import queries

routers = (commands, queries)
