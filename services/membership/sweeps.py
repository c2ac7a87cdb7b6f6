"""What the clock brings about in membership; each room adds its own."""

from services.chassis.sweeps import Sweep
from services.membership.handlers import books, cadence, coverage, terms
from services.membership.handlers.appraisal import APPRAISAL_SWEEP
from services.membership.handlers.calendar import CALENDAR_SWEEP
from services.membership.handlers.dues.arrears import ARREARS
from services.membership.handlers.dues.charging import CHARGE
from services.membership.handlers.liaison.rotas import DUTY_SWEEP
from services.membership.handlers.members.sweeps import JOINING_SWEEP, WHEREABOUTS_SWEEP
from services.membership.handlers.transfers import clock as transfers
from services.membership.handlers.volunteering import due as volunteering
from services.membership.handlers.working import watch

SWEEPS: tuple[Sweep, ...] = (
    terms.ELECTIONS,
    coverage.VISITS,
    CALENDAR_SWEEP,
    DUTY_SWEEP,
    *books.SWEEPS,
    JOINING_SWEEP,
    WHEREABOUTS_SWEEP,
    *transfers.SWEEPS,
    CHARGE,
    ARREARS,
    *watch.SWEEPS,
    cadence.FOLLOW,
    cadence.ASSESS,
    APPRAISAL_SWEEP,
    *volunteering.SWEEPS,
)
