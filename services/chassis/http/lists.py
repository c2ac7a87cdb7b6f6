"""Any list as a file, without a word of its own: filters are the list's, columns are its view's.

A titled field of the view is a column; one without a title, as ids and versions are, is none. A
file that was given out with other headings before declares its columns.
"""

import inspect
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import time
from typing import Annotated, Any, ClassVar, TypeVar, get_args, get_type_hints

from fastapi import APIRouter, Query, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, create_model
from pydantic.fields import FieldInfo
from starlette.routing import BaseRoute

from contracts.areas import LEVEL_LABEL, AreaLevel
from contracts.kinds.labelled import Labelled
from services.chassis.http.callers import Caller
from services.chassis.http.context import Context, ServiceContext
from services.chassis.http.export import Cell, Format, exported, plain
from services.chassis.http.listing import Filters, PageQuery, Paging
from services.chassis.http.pages import Page, decode

PART = 500
"""Rows that are fetched at a time."""

Listing = Callable[..., Awaitable[Page[Any] | list[Any]]]
E = TypeVar("E", bound=Listing)

Naming = Callable[..., Awaitable[str]]
"""Is given what the list is asked, by name."""

Lookup = Callable[[ServiceContext, Collection[Any]], Awaitable[Mapping[Any, Cell]]]
"""From codes or ids to what people call them; what is not among them is written as it is."""


@dataclass(frozen=True)
class Written:
    """Annotates a field of a view: what a file says in place of its codes or ids."""

    lookup: Lookup


class Unwritten:
    """Annotates a field of a view that a file leaves out, since another column says the same."""


@dataclass(frozen=True)
class Column:
    field: str
    """Of the view, or `contact.name`: a field of what stands there."""
    heading: str
    written: Written | None

    def value(self, item: Any) -> Any:
        for name in self.field.split("."):
            item = None if item is None else getattr(item, name)
        return item

    async def words(self, context: ServiceContext, items: list[Any]) -> Mapping[Any, Cell]:
        if self.written is None:
            return {}
        values = {each for item in items for each in _parts(self.value(item))}
        return await self.written.lookup(context, values) if values else {}


@dataclass(frozen=True)
class Sheet:
    """How a file looks that is not simply its list: as it was given out before."""

    name: str
    columns: Mapping[str, str] | None = None
    """Headings by field, in order."""
    form: Format = "csv"
    """Where none is asked for."""
    without: Collection[str] = ()
    """Filters of the list that the file does not have."""
    follows: bool = False
    """Its route stays where it is called for: the contract has always named the list first."""
    called: str | None = None
    """The function, which the contract names; else `export_` and that of the list."""
    summary: str | None = None
    description: str | None = None
    """In place of the list's."""
    on: APIRouter | None = None
    """That has its route in place of the list's: the contract has always named it elsewhere."""
    rows: Listing | None = None
    """Asked in place of the list, which says less: its parameters and view are the file's."""
    named: Naming | None = None
    """What it is called where that follows from what was asked."""
    documented: type[Response] = Response
    """What the contract calls the answer: `JSONResponse`, where it once said so and no more."""


def as_file(router: APIRouter, name: str, **more: Any) -> Callable[[E], E]:
    """Stands above the route of a list: registers `GET <its path>/export?format=csv|xlsx`.

    The file is called `name`; `more` are the fields of its `Sheet`. Its route is tried before the
    list's, so before any `/{id}` that follows it. Raises `TypeError` for a route that is no list.
    """
    sheet = Sheet(name, **more)

    def register(endpoint: E) -> E:
        listed = next(route for route in router.routes if _lists(route, endpoint))
        if not isinstance(listed, APIRoute):
            raise TypeError(f"{endpoint.__name__} is no route")
        about = listed.description if sheet.description is None else sheet.description
        (sheet.on or router).add_api_route(
            f"{listed.path.removeprefix(router.prefix)}/export",
            _export(sheet.rows or endpoint, sheet),
            methods=["GET"],
            summary=sheet.summary or f"导出{name}",
            description=about,
            response_class=sheet.documented,
        )
        if not sheet.follows and sheet.on is None:
            router.routes.insert(router.routes.index(listed), router.routes.pop())
        return endpoint

    return register


def _lists(route: BaseRoute, endpoint: Listing) -> bool:
    known = getattr(route, "endpoint", None)
    return known is not None and inspect.unwrap(known) is endpoint


def columns_of(view: type[BaseModel], headings: Mapping[str, str] | None = None) -> list[Column]:
    """What a file of such things shows: `headings` by field, else the titles in the view's order.

    Raises `KeyError` for a heading of a field that is none.
    """
    if headings is not None:
        return [Column(each, headings[each], _written(view, each)) for each in headings]
    found = []
    for field, info in view.model_fields.items():
        if info.title and not any(mark is Unwritten for mark in _marks_of(info)):
            found.append(Column(field, info.title, _written(view, field)))
    return found


def titles(view: type[BaseModel], *fields: str) -> dict[str, str]:
    """For a file that declares its columns: the headings of those that have their own titles."""
    return {field: str(view.model_fields[field].title) for field in fields}


def _written(view: type[BaseModel], field: str) -> Written | None:
    name, _, inner = field.partition(".")
    if isinstance(shown := getattr(view, name, None), property):
        marks = list(_marks([get_type_hints(shown.fget, include_extras=True)["return"]]))
    elif inner:
        return _written(_model_in(view.model_fields[name].annotation), inner)
    else:
        marks = _marks_of(view.model_fields[name])
    return next((mark for mark in marks if isinstance(mark, Written)), None)


def _model_in(annotation: Any) -> type[BaseModel]:
    """`Person` of `Person | None`."""
    parts = (*get_args(annotation), annotation)
    return next(each for each in parts if isinstance(each, type) and issubclass(each, BaseModel))


def view_of(endpoint: Listing) -> type[BaseModel] | None:
    """What a route lists, in pages or all at once; nothing for a route that is no list."""
    answer = get_type_hints(endpoint).get("return")
    if isinstance(answer, type) and issubclass(answer, Page):
        answer = answer.model_fields["items"].annotation
    listed = get_args(answer) if getattr(answer, "__origin__", None) is list else ()
    return next((each for each in listed if issubclass(each, BaseModel)), None)


def _export(endpoint: Listing, sheet: Sheet) -> Callable[..., Awaitable[Response]]:
    """A route with the parameters of the list but for those that turn its pages."""
    parameters = inspect.signature(endpoint).parameters
    view = view_of(endpoint)
    paging = next((name for name, each in parameters.items() if each.annotation == Paging), None)
    if view is None or not (paging or "context" in parameters):
        raise TypeError(f"{endpoint.__name__} lists nothing, or takes no context")
    columns = columns_of(view, sheet.columns)

    async def export(**given: Any) -> Response:
        form: Format = given.pop("form")
        context = given["context"]
        name = await sheet.named(**given) if sheet.named else sheet.name
        parts = _parts_of(endpoint, given, paging, paged="cursor" in parameters)
        first = await anext(parts)  # a refusal is an answer, not a broken file
        rows = _rows(context, columns, first, parts)
        return await exported(name, [column.heading for column in columns], rows, form)

    form = _parameter("form", Annotated[Format, Query(alias="format")], sheet.form)
    taken: list[inspect.Parameter] = []
    for parameter in parameters.values():
        if parameter.name == paging:
            taken += [_parameter("context", Context), _parameter("caller", Caller), form]
        elif parameter.name == "limit":
            taken.append(form)
        elif parameter.name not in {"cursor", *sheet.without}:
            taken.append(_narrowed(parameter, sheet.without))
    if form not in taken:  # the list has no pages
        taken.append(form)
    export.columns = columns  # type: ignore[attr-defined]  # for whoever looks at the route
    export.view = view  # type: ignore[attr-defined]
    export.__name__ = sheet.called or f"export_{endpoint.__name__.removeprefix('list_')}"
    export.__signature__ = inspect.Signature(  # type: ignore[attr-defined]  # as FastAPI reads it
        taken, return_annotation=Response
    )
    return export


def _parameter(
    name: str, annotation: Any, default: Any = inspect.Parameter.empty
) -> inspect.Parameter:
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, kind, default=default, annotation=annotation)


def _narrowed(parameter: inspect.Parameter, without: Collection[str]) -> inspect.Parameter:
    """By name, and where it is a model of filters, one that does not take those."""
    parameter = parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
    filters, *marks = get_args(parameter.annotation) or (None,)
    if not without or not isinstance(filters, type) or not issubclass(filters, Filters):
        return parameter
    hidden: dict[str, Any] = dict.fromkeys(without, (ClassVar[None], None))
    narrow = create_model(f"{filters.__name__}OfFile", __base__=filters, **hidden)
    return parameter.replace(annotation=Annotated[narrow, *marks])


async def _parts_of(
    endpoint: Listing, given: dict[str, Any], paging: str | None, *, paged: bool
) -> AsyncIterator[list[Any]]:
    query = None
    if paging is not None:
        query = PageQuery(given.pop("context"), given.pop("caller"), None, PART)
    cursor: list[str] | None = None
    while True:
        turned: dict[str, Any] = {"cursor": cursor, "limit": PART} if paged else {}
        if query is not None:
            turned = {str(paging): replace(query, cursor=cursor)}
        answer = await endpoint(**given, **turned)
        if isinstance(answer, list):
            yield answer
            return
        yield answer.items
        if answer.next is None:
            return
        cursor = decode(answer.next)


async def _rows(
    context: ServiceContext,
    columns: list[Column],
    first: list[Any],
    following: AsyncIterator[list[Any]],
) -> AsyncIterator[list[Cell]]:
    for line in await lines(context, columns, first):
        yield line
    async for items in following:
        for line in await lines(context, columns, items):
            yield line


async def lines(
    context: ServiceContext, columns: list[Column], items: list[Any]
) -> list[list[Cell]]:
    """A line an item, for a file that shows more than one list."""
    words = [await column.words(context, items) for column in columns]
    pairs = list(zip(columns, words, strict=True))
    return [[_cell(column.value(item), known) for column, known in pairs] for item in items]


def _parts(value: Any) -> Collection[Any]:
    if isinstance(value, list | tuple | set | frozenset):
        return value
    return () if value is None else (value,)


def _cell(value: Any, words: Mapping[Any, Cell]) -> Cell:  # noqa: PLR0911  one line a type
    if isinstance(value, list | tuple | set | frozenset):
        return "、".join(plain(_cell(each, words)) for each in value)
    if isinstance(value, BaseModel):
        inner = (getattr(value, column.field) for column in columns_of(type(value)))
        return " ".join(plain(_cell(each, {})) for each in inner if each is not None)
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False, default=str) if value else None
    if value in words:
        return words[value]
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Labelled):
        return value.label
    if isinstance(value, AreaLevel):
        return LEVEL_LABEL[value]
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return value if value is None or isinstance(value, Cell) else str(value)


def _marks_of(info: FieldInfo) -> list[Any]:
    return list(_marks((info.annotation, *info.metadata)))


def _marks(parts: Collection[Any]) -> Iterator[Any]:
    """Annotations within annotations: `Id | None` has those of `Id`."""
    for part in parts:
        if part is Unwritten or isinstance(part, Written):
            yield part
        else:
            yield from _marks(get_args(part))
