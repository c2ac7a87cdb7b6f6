"""What a command or a question is about: its row, once the caller may act on it.

`Held = Annotated[WishRow, held(WishRow, "微心愿", Action.MANAGE_SERVICE)]` in a signature says what
is asked of the caller, so that no route reads a row for the right and its handler reads it again.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from inspect import Parameter, Signature
from typing import Any, Generic, TypeVar
from uuid import UUID

from fastapi import Depends
from sqlalchemy import inspect
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.access import Action
from services.chassis.auth import Principal
from services.chassis.http.callers import Caller
from services.chassis.http.commands import Work
from services.chassis.http.context import Context
from services.chassis.http.versions import IfMatch, check
from services.chassis.rows import Row, one
from services.chassis.unit_of_work import UnitOfWork

R = TypeVar("R", bound=Row)

AreaOf = Callable[[AsyncSession, R], Awaitable[str]]
"""Looks up where a row lies that has no `area` of its own."""

First = Callable[[UnitOfWork, UUID], Awaitable[None]]
"""Locks, by the key of a row, what is locked before it."""

Right = Callable[[AsyncSession, R, Principal], Awaitable[None]]
"""Raises for whoever may not, where one action in one area does not say who may."""


@dataclass(frozen=True)
class About(Generic[R]):
    """A row by its key in the address, and the right that is asked where it lies."""

    table: type[R]
    zh: str
    action: Action
    key: str
    area: AreaOf[R] | None
    called: str | None = None
    edit: bool = False
    locks: bool = False
    right: Right[R] | None = None
    version: str = "version"
    """The column that `If-Match` is compared with."""

    async def permitted(self, session: AsyncSession, key: UUID, caller: Principal) -> R:
        called = self.called or inspect(self.table).local_table.name.replace("_", " ")
        row: Any = await one(session, self.table, key, called, self.zh, lock=self.locks)
        if self.right is not None:
            await self.right(session, row, caller)
        else:
            caller.require(self.action, await self.area(session, row) if self.area else row.area)
        return row  # type: ignore[no-any-return]


def held(
    table: type[R],
    zh: str,
    action: Action,
    *,
    edit: bool = False,
    lock: bool = True,
    key: str | None = None,
    called: str | None = None,
    area: AreaOf[R] | None = None,
    first: First | None = None,
    right: Right[R] | None = None,
    version: str = "version",
) -> Any:
    """The row of a command, ours until the transaction ends; `edit` compares it with `If-Match`.

    `zh` is what it is called, `called` the same in English and `key` its name in the address, where
    those are not the table's; `area` looks up where it lies, `version` is the column that counts
    what callers see. `right` asks in place of `action` and lets pass at least who has that one
    there. `first` is locked before the row; with `lock=False` the handler locks in an order of its
    own.
    Raises `NotFound`, `Forbidden`, `OutOfScope`; with `edit` `PreconditionFailed`.
    """
    about = About(
        table, zh, action, key or _key_of(table), area, called, edit, lock, right, version
    )

    async def locate(**parameters: Any) -> R:
        uow, key = parameters["uow"], parameters[about.key]
        if first is not None:
            await first(uow, key)
        row: Any = await about.permitted(uow.session, key, parameters["caller"])
        if edit:
            check(parameters["version"], getattr(row, version))
        return row  # type: ignore[no-any-return]

    more = {"version": IfMatch} if edit else {}
    return _dependency(locate, about, uow=Work, caller=Caller, **more)


def seen(
    table: type[R],
    zh: str,
    action: Action = Action.READ,
    *,
    key: str | None = None,
    called: str | None = None,
    area: AreaOf[R] | None = None,
) -> Any:
    """The row of a question, as `held` without the lock."""
    about = About(table, zh, action, key or _key_of(table), area, called)

    async def locate(**parameters: Any) -> R:
        async with parameters["context"].database.sessions() as session:
            return await about.permitted(session, parameters[about.key], parameters["caller"])

    return _dependency(locate, about, context=Context, caller=Caller)


def about(dependency: Callable[..., Any] | None) -> About[Any] | None:
    """What a dependency that `held` or `seen` made is about; nothing for others."""
    return getattr(dependency, "about", None)


def _key_of(table: type[Row]) -> str:
    return str(inspect(table).primary_key[0].name)


def _dependency(locate: Callable[..., Awaitable[R]], about: About[R], **takes: Any) -> Any:
    """As FastAPI reads one: by its signature."""
    parameters = {about.key: UUID} | takes
    locate.__signature__ = Signature(  # type: ignore[attr-defined]
        [Parameter(name, Parameter.KEYWORD_ONLY, annotation=of) for name, of in parameters.items()]
    )
    locate.about = about  # type: ignore[attr-defined]
    return Depends(locate)
