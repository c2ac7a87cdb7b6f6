"""Rows 133 to 164 of what offices report of bases: each is served by something that exists."""

from collections.abc import Callable

from contracts.catalogue import EVENTS
from contracts.kinds import BaseKind, Channel, VenueKind, VisitorLevel
from contracts.kinds.activities import ActivityKind
from contracts.kinds.books import FundKind, RegisterKind, TaskKind
from contracts.kinds.courses import LectureHallKind
from contracts.kinds.labelled import Labelled
from contracts.kinds.menu import MENU_TRAITS, MenuItemKind
from contracts.kinds.visits import BaseTrainingKind, FilmKind, TourKind
from services.bases.app import SERVICE
from services.bases.standards import RULES
from services.projector.figures import CATALOGUE
from tests import walks

Served = Callable[[], bool]


def event(name: str) -> Served:
    return lambda: f"jiceng.bases.{name}.v1" in EVENTS


def kind(*kinds: Labelled) -> Served:
    return lambda: all(each.label for each in kinds)


def figure(*keys: str) -> Served:
    return lambda: all(f"bases.{key}" in CATALOGUE.figures for key in keys)


def split(key: str, *dimensions: str) -> Served:
    figures = CATALOGUE.figures
    return lambda: set(dimensions) <= CATALOGUE.dimensions_of(figures[f"bases.{key}"]).keys()


def route(path: str) -> Served:
    return lambda: path in {each.path for router in SERVICE.routers for each in router.routes}


def rule(code: str) -> Served:
    return lambda: code in {each.code for each in RULES}


CHECKLIST: dict[int, tuple[Served, ...]] = {
    133: (event("base.registered"), figure("bases"), kind(BaseKind.RED, BaseKind.TECHNOLOGY)),
    134: (kind(Channel.WEB, Channel.WECHAT, Channel.PHONE, Channel.FORM),
          split("bookings", "channel")),
    135: (event("booking.requested"), split("bookings", "channel")),
    136: (rule("booking.off-day"), figure("off_day_visits")),
    137: (figure("off_day_visits", "bookings"), event("opening-hours.stated")),
    138: (event("menu-item.published"), split("visit_batches", "purpose_kind")),
    139: (lambda: "step_count" in EVENTS["jiceng.bases.menu-item.published.v1"].model_fields,),
    140: (event("lecturer.registered"), event("lecturer-assignment.completed")),
    141: (figure("visit_batches", "visit_persons", "persons_expected", "persons_honoured"),),
    142: (split("visit_batches", "visitor_level"), split("visit_persons", "visitor_level"),
          kind(VisitorLevel.CENTRAL, VisitorLevel.PROVINCE, VisitorLevel.CITY)),
    143: (figure("cross_unit_visits", "organisations_visiting"), event("visit.joined")),
    144: (event("film.shown"), figure("film_showings", "film_viewers"),
          kind(FilmKind.PARTY_HISTORY)),
    145: (figure("halls", "themes"), event("venue.registered")),
    146: (kind(VenueKind.SERVICE_CENTRE, VenueKind.LIBRARY, VenueKind.MEETING_ROOM),),
    147: (kind(MenuItemKind.OATH_RENEWAL, MenuItemKind.DISCUSSION, MenuItemKind.QUIZ),
          lambda: MENU_TRAITS[MenuItemKind.OATH_RENEWAL] == {"ceremony": True}),
    148: (event("partner-venue.accepted"), kind(BaseKind.MUSEUM, BaseKind.PARTNER)),
    149: (kind(ActivityKind.VENUE_MEETING, TaskKind.IMPROVEMENT_PLAN),),
    150: (kind(RegisterKind.DISPLAY_UPDATE),),
    151: (event("training.completed"), figure("trainings", "trainees"),
          kind(BaseTrainingKind.TRAINING)),
    152: (route("/v1/unvisiting-organisations"), figure("unvisiting_branches"),
          kind(ActivityKind.BASE_VISIT)),
    153: (kind(FundKind.BASE, FundKind.BASE_UPGRADE),),
    154: (event("tour.completed"), figure("tours", "tour_persons"), kind(TourKind.WORK)),
    155: (event("lecture-hall.opened"), event("course.published"),
          kind(LectureHallKind.GRAND_HALL)),
    156: (event("session.completed"), event("sign-up.attended")),
    157: (kind(LectureHallKind.COMMUNITY_SCHOOL, LectureHallKind.ONLINE_HOME),),
    158: (kind(RegisterKind.CENTRE_BUILT, RegisterKind.CULTURE_SQUARE, BaseKind.SERVICE_CENTRE),),
    159: (kind(RegisterKind.SERVICE_STATION, BaseKind.SERVICE_STATION),),
    160: (kind(VenueKind.FUNCTION_ROOM, VenueKind.STUDIO),),
    161: (lambda: "series_id" in EVENTS["jiceng.bases.booking.requested.v1"].model_fields,),
    162: (event("package.published"),
          kind(MenuItemKind.CARE, MenuItemKind.FILM, MenuItemKind.WELFARE,
               MenuItemKind.HAND_IN_HAND, MenuItemKind.ARTS)),
    163: (kind(BaseKind.CIRCLE_CENTRE, VenueKind.ACTIVITY_ROOM, VenueKind.MEETING_ROOM,
               VenueKind.VOLUNTEER_STATION),),
    164: (kind(VenueKind.DAY_CARE, VenueKind.CANTEEN),),
}  # fmt: skip


def test_no_row_is_left_out():
    assert list(CHECKLIST) == list(range(133, 165))


@walks.over({str(row): served for row, served in CHECKLIST.items()})
def test_every_row_has_a_home(served):
    assert all(each() for each in served)


def test_what_does_not_exist_serves_nothing():
    assert not event("visit.dreamt")()
    assert not figure("dreams")()
    assert not route("/v1/dreams")()
    assert not rule("booking.dreams")()
