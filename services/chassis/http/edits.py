"""The body of an edit: fields of the request that registers a thing, each of which may be left out.

    @edits(VenueRequest, "code")
    class VenueChange(Timed): ...

What an edit says in words of its own the class declares itself.
"""

from collections.abc import Callable, Collection
from typing import Annotated, Any, TypeVar, get_type_hints

from pydantic import Field, create_model
from pydantic.fields import FieldInfo

from services.chassis.http.commands import Timed

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
        made = create_model(
            change.__name__,
            __base__=change,
            __doc__=change.__doc__,
            __module__=change.__module__,
            **fields,
        )
        made.taken_away = frozenset(null)
        return made

    return complete


def _type(hint: Any, info: FieldInfo) -> Any:
    """With its bounds, where those stand beside it."""
    bounded = hasattr(hint, "__metadata__") or not info.metadata
    return hint if bounded else Annotated[hint, *info.metadata]


def _title(hint: Any, info: FieldInfo) -> str | None:
    """Where the request says it beside the type; the type's own goes with it."""
    marks = getattr(hint, "__metadata__", ())
    inside = {mark.title for mark in marks if isinstance(mark, FieldInfo)}
    return None if info.title in inside else info.title
