"""Walking the pages of a list, up to a bound."""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from pydantic import BaseModel

T = TypeVar("T")
MOST_PER_PAGE = 100
"""What the services grant at most."""


class Page(BaseModel, Generic[T]):
    items: list[T]
    next: str | None = None


async def collect(
    fetch: Callable[[str | None], Awaitable[Page[T]]], *, most: int
) -> tuple[list[T], bool]:
    """Items in order, and whether the list went on beyond `most`."""
    items: list[T] = []
    cursor: str | None = None
    while True:
        page = await fetch(cursor)
        items += page.items
        cursor = page.next
        if cursor is None or len(items) >= most:
            return items[:most], cursor is not None or len(items) > most
