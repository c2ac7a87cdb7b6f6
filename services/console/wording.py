"""Dates, instants, numbers and codes as Chinese officialdom writes them. Times in Asia/Shanghai."""

from datetime import datetime

from contracts.areas import LEVEL_LABEL, is_area, level_of
from contracts.kinds import (
    activities,
    agreements,
    alerts,
    appraisal,
    bases,
    bodies,
    books,
    cadence,
    courses,
    dues,
    feedback,
    lecturers,
    liaison,
    members,
    menu,
    notices,
    opening,
    organisations,
    places,
    points,
    series,
    transfers,
    undertakings,
    units,
    visits,
    volunteering,
    working,
)
from contracts.kinds.labelled import Labelled
from services.chassis import clock
from services.chassis.clock import LOCAL

NOTHING = "—"
_LABELS: dict[str, tuple[type[Labelled], ...]] = {
    "work_status": (members.WorkStatus,),
    "member_state": (members.MemberState,),
    "education": (members.Education,),
    "leaving": (members.LeavingReason,),
    "headcount_kind": (members.HeadcountKind,),
    "holder_kind": (members.HolderKind, bodies.SeatHolder),
    "organisation_kind": (organisations.OrganisationKind,),
    "body": (organisations.Body,),
    "seat_kind": (organisations.SeatKind, bodies.BodySeatKind),
    "neworg_kind": (organisations.NewOrganisationKind,),
    "coverage": (organisations.Coverage,),
    "direction": (transfers.TransferDirection, bodies.Direction),
    "transfer_cause": (transfers.TransferCause,),
    "return_reason": (transfers.ReturnReason,),
    "dues_channel": (dues.DuesChannel,),
    "relief_kind": (dues.ReliefKind,),
    "activity_kind": (activities.ActivityKind,),
    "activity_group": (activities.ActivityKind,),
    "theme_colour": (activities.ThemeColour,),
    "lecture_form": (activities.LectureForm,),
    "output_kind": (activities.OutputKind,),
    "unit_kind": (units.UnitKind,),
    "body_kind": (bodies.BodyKind,),
    "point_kind": (units.ContactKind,),
    "agreement_kind": (agreements.AgreementKind,),
    "undertaking_kind": (undertakings.UndertakingKind,),
    "side": (agreements.Side,),
    "how": (agreements.AgreementStatus, agreements.AmendmentStatus),
    "outcome": (undertakings.UndertakingStatus,),
    "cobuilding_alert": (alerts.CobuildingAlertKind,),
    "skill": (working.Skill,),
    "service_post": (working.ServicePostKind,),
    "service_time": (working.ServiceTime,),
    "subject_type": (points.SubjectType,),
    "points_rule": (points.PointsRuleCode,),
    "points_reason": (points.PointsReason,),
    "appraisal_result": (appraisal.AppraisalResult,),
    "team_kind": (volunteering.TeamKind,),
    "service_kind": (volunteering.ServiceKind,),
    "star": (volunteering.StarTier,),
    "source": (volunteering.ServiceSource,),
    "help_grade": (volunteering.HelpGrade,),
    "difficulty": (volunteering.DifficultyKind,),
    "wish_kind": (volunteering.WishKind,),
    "duty_kind": (liaison.DutyKind,),
    "liaison_channel": (liaison.LiaisonChannel,),
    "liaison_topic": (liaison.LiaisonTopic,),
    "base_kind": (bases.BaseKind,),
    "venue_kind": (bases.VenueKind,),
    "visitor_level": (bases.VisitorLevel,),
    "purpose_kind": (menu.MenuItemKind,),
    "menu_item_kind": (menu.MenuItemKind,),
    "film": (visits.FilmKind,),
    "training_kind": (visits.BaseTrainingKind,),
    "tour_kind": (visits.TourKind,),
    "equipment_kind": (places.EquipmentKind,),
    "closure_reason": (opening.ClosureReason,),
    "hall_kind": (courses.LectureHallKind,),
    "course_kind": (courses.CourseKind,),
    "audience_kind": (courses.AudienceKind,),
    "verdict": (feedback.FeedbackVerdict,),
    "notice_kind": (notices.NoticeKind,),
    "delivery_channel": (notices.DeliveryChannel,),
    "role_kind": (lecturers.LecturerRole,),
    "skill_kind": (lecturers.LecturerSkill,),
    "engagement": (lecturers.LecturerEngagement,),
    "engaged_for": (lecturers.EngagedFor,),
    "rated_by": (lecturers.RatedBy,),
    "register_kind": (books.RegisterKind,),
    "rank": (books.Rank,),
    "fund_kind": (books.FundKind,),
    "task_kind": (books.TaskKind,),
    "state": (books.TaskState,),
    "profile_kind": (books.ProfileKind,),
    "alert_kind": (alerts.AlertKind,),
    "severity": (alerts.Severity,),
    "channel": (bases.Channel, volunteering.RequestChannel),
    "every": (series.Frequency, cadence.Every),
    "occupation": (members.Occupation, working.WorkingOccupation),
}
"""By dimension of the figures; of two vocabularies the first that has a code tells its label."""


def number(value: float | None) -> str:
    """`1,234`, `29.5`, or a dash where there is nothing to divide by."""
    if value is None:
        return NOTHING
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


day, weekday = clock.in_chinese, clock.weekday


def clock_time(value: datetime) -> str:
    return f"{value.astimezone(LOCAL):%H:%M}"


def instant(value: datetime) -> str:
    """`2019-06-30 09:05`: for tables, where all are read in a column."""
    return f"{value.astimezone(LOCAL):%Y-%m-%d %H:%M}"


def instant_to_second(value: datetime) -> str:
    """`2019年6月30日 09:05:07`: for the as-of line."""
    local = value.astimezone(LOCAL)
    return f"{day(local.date())} {local:%H:%M:%S}"


def code_label(dimension: str, code: str) -> str:
    """The Chinese label of a code; a district's own kind, unknown here, stands as it is."""
    known = (kind for family in _LABELS.get(dimension, ()) for kind in family)
    return next((kind.label for kind in known if kind == code), code)


def area_level(code: str) -> str:
    return LEVEL_LABEL[level_of(code)] if is_area(code) else ""
