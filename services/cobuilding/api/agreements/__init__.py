"""Agreements over HTTP."""

from services.cobuilding.api.agreements import amendments, drafts, lists, running

routers = (*drafts.routers, *running.routers, *amendments.routers, *lists.routers)
