"""Identities: time-ordered, so that they index well and page in order of creation."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A fresh UUID of version 7."""
    return uuid7()
