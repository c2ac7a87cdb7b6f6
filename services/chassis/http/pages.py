"""Keyset pagination: a page costs the same however deep, and never skips or repeats a row."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from services.chassis.errors import Invalid
from services.chassis.rows import Row

MAX_PAGE = 100

T = TypeVar("T")
R = TypeVar("R")
S = TypeVar("S", bound=Row)
V = TypeVar("V", bound=BaseModel)

Limit = Annotated[int, Query(ge=1, le=MAX_PAGE, description="Rows in one page.")]


class Page(BaseModel, Generic[T]):
    """`next` is the cursor of the following page, null on the last."""

    items: list[T]
    next: str | None = Field(default=None, description="Send it as `cursor` for the next page.")

    def shown(self: "Page[S]", view: type[V]) -> "Page[V]":
        """The page with each of its rows as callers see it."""
        return self.of([row.shown(view) for row in self.items])

    def of(self, views: list[R]) -> "Page[R]":
        """The page with what is shown in place of its rows."""
        return Page(items=views, next=self.next)


def encode(key: Sequence[object]) -> str:
    return base64.urlsafe_b64encode(json.dumps([str(k) for k in key]).encode()).decode().rstrip("=")


def decode(cursor: str | None) -> list[str] | None:
    """The key a page starts after. Raises `Invalid` for what no page ever gave."""
    if cursor is None:
        return None
    try:
        key: Any = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError) as error:
        raise bad_cursor() from error
    if not isinstance(key, list) or not key or not all(_is_text(k) for k in key):
        raise bad_cursor()
    return key


def _is_text(part: object) -> bool:
    return isinstance(part, str) and part.isprintable()


def bad_cursor() -> Invalid:
    return Invalid(
        "`cursor` is not one that a page gave.",
        zh="cursor 不是系统返回的翻页标记。",
        field="cursor",
    )


async def _decoded(
    cursor: Annotated[str | None, Query(max_length=500, description="`next` of a page.")] = None,
) -> list[str] | None:
    return decode(cursor)


Cursor = Annotated[list[str] | None, Depends(_decoded)]


def page_of(
    rows: Sequence[R], limit: int, show: Callable[[R], T], key: Callable[[R], Sequence[object]]
) -> Page[T]:
    """A page out of `limit + 1` fetched rows: the extra one only says that there is more."""
    shown = rows[:limit]
    following = encode(key(shown[-1])) if len(rows) > limit else None
    return Page(items=[show(row) for row in shown], next=following)


def key_of(cursor: Sequence[str] | None, *read: Callable[[str], Any]) -> tuple[Any, ...] | None:
    """The key a page starts after, each part as it is `read`; nothing for the first page.

    Raises `Invalid` for a cursor of another list: `read` raises `ValueError` or `LookupError`.
    """
    if cursor is None:
        return None
    try:
        return tuple(each(part) for each, part in zip(read, cursor, strict=True))
    except (ValueError, LookupError):
        raise bad_cursor() from None


def id_of(cursor: Sequence[str] | None) -> UUID | None:
    """The id a page starts after, as `key_of`."""
    key = key_of(cursor, UUID)
    return key[0] if key else None
