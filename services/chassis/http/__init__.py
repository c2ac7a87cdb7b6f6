"""How services answer: problems, callers, commands, pages, versions."""

from services.chassis.http.callers import Caller
from services.chassis.http.commands import (
    CommandRoute,
    DirectRoute,
    DirectWork,
    Timed,
    Work,
    command_router,
    query_router,
)
from services.chassis.http.context import Clocked, Context
from services.chassis.http.pages import Cursor, Limit, Page, page_of
from services.chassis.http.versions import IfMatch, IfMatchUnlessNew, etag, set_etag

__all__ = [
    "Caller",
    "Clocked",
    "CommandRoute",
    "Context",
    "Cursor",
    "DirectRoute",
    "DirectWork",
    "IfMatch",
    "IfMatchUnlessNew",
    "Limit",
    "Page",
    "Timed",
    "Work",
    "command_router",
    "etag",
    "page_of",
    "query_router",
    "set_etag",
]
