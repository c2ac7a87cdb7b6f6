"""What membership hears from the bases, and which rooms act on it."""

from contracts.bases import VisitCompleted
from services.chassis.bus.consumer import Inlet
from services.chassis.unit_of_work import UnitOfWork
from services.membership import SERVICE

bases = Inlet(SERVICE, "bases")


@bases.on(VisitCompleted)
async def visit_completed(event: VisitCompleted, uow: UnitOfWork) -> None:
    """The visit is organisational life of the branch that came; rooms are called one by one."""


inlets = (bases,)
