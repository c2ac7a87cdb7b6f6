"""What an aggregate is, said once: what rules look at, and the base of its row and its view."""

from pydantic import BaseModel


class State(BaseModel):
    """Fields with their Chinese titles. A row adds how they are kept, a view what callers see.

    Rules take a state and never write to it; a row of it is one.
    """
