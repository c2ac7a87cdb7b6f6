"""Figures of recurring bookings and package bookings."""

from contracts.bases.series import PackageBookingRequested, SeriesRequested
from contracts.kinds.series import Frequency
from services.projector.declare import Clause, Dimension, Flow, Naming, Section, adds
from services.projector.figures.bases import OF_BOOKING

EVERY = Dimension.of_kinds("every", "周期", Frequency)

FIGURES = (
    Flow(
        "bases.series",
        "系列预约",
        "个",
        "本期提交的系列预约（定期排班使用场地等）个数",
        clauses=(Clause(Section.VISITS, 2, "受理系列预约{n}"),),
        reads=adds(SeriesRequested),
        dimensions=(*OF_BOOKING, EVERY),
    ),
    Flow(
        "bases.series_bookings",
        "系列中的预约",
        "次",
        "本期随系列预约一并提交的预约次数，已含在预约次数之中",
        clauses=(Clause(Section.VISITS, 2, "含预约{n}", joint="，"),),
        reads=adds(SeriesRequested, "booked"),
        dimensions=(*OF_BOOKING, EVERY),
    ),
    Flow(
        "bases.package_bookings",
        "套餐预约",
        "次",
        "本期提交的红色套餐预约次数；其各项预约已含在预约次数之中",
        clauses=(Clause(Section.VISITS, 2, "受理红色套餐预约{n}", joint="；"),),
        reads=adds(PackageBookingRequested),
        dimensions=OF_BOOKING,
    ),
)

NAMES: tuple[Naming, ...] = ()
