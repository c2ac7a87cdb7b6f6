"""Views that add to a state what only callers see."""

from collections.abc import Callable
from copy import copy
from typing import TypeVar

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

V = TypeVar("V", bound=BaseModel)


def before(**places: str) -> Callable[[type[V]], type[V]]:
    """Fields of its own that a view shows before one of its state: `@before(grid="area")`.

    Without, they follow those of the state. Raises `ValueError` for a field that is none.
    """

    def ordered(view: type[V]) -> type[V]:
        names = [name for name in view.model_fields if name not in places]
        for name, following in places.items():
            names.insert(names.index(following), name)
        view.__pydantic_fields__ = {name: view.model_fields[name] for name in names}
        view.model_rebuild(force=True)
        return view

    return ordered


def without(*names: str) -> Callable[[type[V]], type[V]]:
    """Fields of its state that a view does not show. Raises `KeyError` for one that is none."""

    def fewer(view: type[V]) -> type[V]:
        fields = dict(view.model_fields)
        for name in names:
            del fields[name]
        view.__pydantic_fields__ = fields
        view.model_rebuild(force=True)
        return view

    return fewer


def whole(view: type[V]) -> type[V]:
    """A view that always shows all of its fields: what a state begins with callers need not know.

    Without, a field of the state that has a default is optional in the description of the answer.
    """
    fields = {name: copy(field) for name, field in view.model_fields.items()}
    for field in fields.values():
        field.default, field.default_factory = PydanticUndefined, None
    view.__pydantic_fields__ = fields
    view.model_rebuild(force=True)
    return view
