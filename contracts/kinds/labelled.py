"""What all codes have in common."""

from enum import StrEnum
from typing import Any, Self

from pydantic import GetJsonSchemaHandler


class Labelled(StrEnum):
    """A code with a Chinese label: `RED = "red", "红色型"`."""

    label: str

    def __new__(cls, code: str, label: str = "") -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: Any, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Say the Chinese labels beside the codes, as the annotation `x-labels`."""
        schema = handler(core)
        described = handler.resolve_ref_schema(schema)
        described["x-labels"] = {member.value: member.label for member in cls}
        return schema
