"""Business time of commands that state a day."""

from datetime import date, datetime
from typing import Annotated

from services.chassis.clock import business_date, midnight, occurred
from services.chassis.http import Timed
from services.chassis.http.fields import Day
from services.chassis.unit_of_work import Transaction


class Happened:
    """Marks the field that says on which day a command happened."""


HappenedOn = Annotated[Day, Happened]


class OnDay(Timed):
    """Body of a command that states its day, in a field that is `HappenedOn`."""

    def at(self, work: Transaction) -> datetime:
        """As it is stated, else some time of the day. Raises `TimeInFuture`."""
        if self.occurred_at is not None:
            return super().at(work)
        fields = type(self).model_fields.items()
        field = next(name for name, info in fields if Happened in info.metadata)
        day: date = getattr(self, field)
        if day == business_date(work.now):
            return work.now
        return occurred(midnight(day), work.now, field=field)
