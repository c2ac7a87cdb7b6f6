"""Where a list in order of ids goes on."""

from uuid import UUID

from services.chassis.errors import Invalid


def after_key(cursor: list[str] | None) -> UUID | None:
    """Raises `Invalid` for a foreign cursor."""
    if cursor is None:
        return None
    try:
        (key,) = cursor
        return UUID(key)
    except ValueError as error:
        raise Invalid(
            "`cursor` belongs to another list.", zh="cursor 不属于此列表。", field="cursor"
        ) from error
