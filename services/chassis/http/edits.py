"""Bodies that say what another body says.

An edit has the fields of the request that registers a thing, each of which may be left out:

    @edits(VenueRequest, "code")
    class VenueChange(Timed): ...

What it says in words of its own the class declares itself.
"""

from collections.abc import Callable, Collection
from typing import Annotated, Any, TypeVar, get_type_hints

from pydantic import BaseModel, Field, create_model
from pydantic.fields import FieldInfo

from services.chassis.http.commands import Timed

B = TypeVar("B", bound=BaseModel)
C = TypeVar("C", bound=Timed)


def edits(
    request: type[Timed], *without: str, null: Collection[str] = ()
) -> Callable[[type[C]], type[C]]:
    """`null` are those that null takes away. Raises `TypeError` for a field that is none."""
    if unknown := {*without, *null} - request.model_fields.keys():
        raise TypeError(f"{request.__name__} has no {', '.join(sorted(unknown))}")
    hints = get_type_hints(request, include_extras=True)

    def complete(change: type[C]) -> type[C]:
        fields: dict[str, Any] = {
            name: (
                _type(hints[name], info) | None,
                Field(default=None, title=_title(hints[name], info)),
            )
            for name, info in request.model_fields.items()
            if name not in {*without, *change.model_fields}
        }
        made = _with(change, fields)
        made.taken_away = frozenset(null)
        return made

    return complete


def taking(request: type[BaseModel], *names: str) -> Callable[[type[B]], type[B]]:
    """Fields of another request, as they are there, after those of the class."""
    hints = get_type_hints(request, include_extras=True)
    fields = {name: (hints[name], request.model_fields[name]) for name in names}
    return lambda body: _with(body, fields)


def _with(body: type[B], fields: dict[str, Any]) -> type[B]:
    return create_model(
        body.__name__, __base__=body, __doc__=body.__doc__, __module__=body.__module__, **fields
    )


def _type(hint: Any, info: FieldInfo) -> Any:
    """With its bounds, where those stand beside it."""
    bounded = hasattr(hint, "__metadata__") or not info.metadata
    return hint if bounded else Annotated[hint, *info.metadata]


def _title(hint: Any, info: FieldInfo) -> str | None:
    """Where the request says it beside the type; the type's own goes with it."""
    marks = getattr(hint, "__metadata__", ())
    inside = {mark.title for mark in marks if isinstance(mark, FieldInfo)}
    return None if info.title in inside else info.title
