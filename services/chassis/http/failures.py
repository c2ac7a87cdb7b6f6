"""What a failure of the database means to the caller: try again, correct a text, or nothing."""

import asyncpg
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from services.chassis.database import sqlstate
from services.chassis.errors import Invalid, Refusal, Unavailable

BUSY = frozenset({"40001", "40P01", "55P03", "57014"})
"""Serialization failure, deadlock, lock not available, statement over its time."""
OUT = frozenset(
    {
        *("53100", "53200", "53300"),  # no disk, memory or connection left
        *("57P01", "57P02", "57P03", "57P05", "25P03"),  # stopping, starting, our own time-out
        *("3D000", "28000", "28P01"),  # no such database, or it does not know us
        "25006",  # a standby
    }
)
UNSTORABLE = frozenset({"22021", "22P05"})
"""Characters PostgreSQL keeps in no text."""

AWAY = (
    InterfaceError,
    PoolTimeout,
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # used between the server's last words and the end of the line
    asyncpg.CannotConnectNowError,
    TimeoutError,
)


class Busy(Unavailable):
    code = "busy"
    title, title_zh = "Somebody else is changing the same thing", "他人正在修改同一内容"


class UnstorableText(Invalid):
    code = "unstorable-text"
    title, title_zh = "A text contains characters that cannot be kept", "文本中含有无法保存的字符"


def refusal_of(error: Exception) -> Refusal | None:
    """The refusal to answer with, or `None` for a defect of our own."""
    state = sqlstate(error)
    if state in BUSY:
        return Busy(
            "Too many changes of the same thing at once; repeat with the same Idempotency-Key.",
            zh="同时修改的人较多，请稍后用同一 Idempotency-Key 重试。",
        )
    if state in UNSTORABLE:
        return UnstorableText(
            "NUL and unpaired surrogates cannot be kept.", zh="文本中不能含有空字符。"
        )
    if state in OUT or _away(error):
        return Unavailable(
            "The database cannot be reached; repeat with the same Idempotency-Key.",
            zh="数据库暂不可用，请稍后用同一 Idempotency-Key 重试。",
        )
    return None


def _away(error: Exception) -> bool:
    if isinstance(error, DBAPIError):
        behind = error.orig and error.orig.__cause__  # SQLAlchemy wraps the driver's error twice
        told = (error, error.orig, behind)
        return error.connection_invalidated or any(isinstance(each, AWAY) for each in told)
    return isinstance(error, AWAY)
