"""Figures of lecture halls, courses and sessions: 挂牌X个, X类课程, X场、X人次."""

from datetime import date, timedelta
from typing import Any

from contracts.bases.courses import (
    CourseChanged,
    CoursePublished,
    CourseRetired,
    LectureHallChanged,
    LectureHallClosed,
    LectureHallOpened,
    SessionAnnounced,
    SessionCancelled,
    SessionCompleted,
    SignUpAccepted,
    SignUpAttended,
    SignUpChanged,
    SignUpWithdrawn,
)
from contracts.kinds import Channel
from services.projector.declare import Variety
from services.projector.figures import CATALOGUE
from tests.unit.projector.build import COMMUNITY, JUNE, an_id
from tests.unit.projector.test_menu_figures import folded


def of_hall(kind: str = "grand-hall") -> dict[str, Any]:
    return {
        "area": COMMUNITY,
        "hall_id": an_id("JT-1"),
        "code": "JT-1",
        "name": "唐村新时代大讲堂",
        "kind": kind,
        "opened_on": date(2018, 11, 1),
    }


def of_course(
    name: str = "KC-1", kind: str = "morals", audience: str = "everybody"
) -> dict[str, Any]:
    return {
        "area": COMMUNITY,
        "course_id": an_id(name),
        "hall_id": an_id("JT-1"),
        "code": name,
        "name": name,
        "kind": kind,
        "audience_kind": audience,
    }


SESSION: dict[str, Any] = {
    "area": COMMUNITY,
    "session_id": an_id("CC-1"),
    "course_id": an_id("KC-1"),
    "course_kind": "morals",
    "audience_kind": "everybody",
    "hall_id": an_id("JT-1"),
    "hall_kind": "grand-hall",
    "base_id": an_id("基地甲"),
    "starts_at": JUNE,
    "ends_at": JUNE + timedelta(hours=2),
    "closes_at": JUNE,
    "seats": 60,
}


def of_sign_up(headcount: int = 12) -> dict[str, Any]:
    return {
        "area": COMMUNITY,
        "sign_up_id": an_id("BM-1"),
        "session_id": an_id("CC-1"),
        "course_id": an_id("KC-1"),
        "course_kind": "morals",
        "hall_id": an_id("JT-1"),
        "headcount": headcount,
        "channel": Channel.PHONE,
    }


def test_halls_are_counted_by_kind_until_they_close() -> None:
    opened = LectureHallOpened(**of_hall())
    changed = LectureHallChanged(**of_hall("study-hall"), was_kind="grand-hall")
    closed = LectureHallClosed(**of_hall("study-hall"), closed_on=date(2020, 1, 1))

    assert folded(opened) == {("lecture_halls", "grand-hall"): 1}
    assert folded(opened, changed) == {("lecture_halls", "study-hall"): 1}
    assert folded(opened, changed, closed) == {}


def test_courses_are_counted_by_kind_and_audience_and_their_kinds_once() -> None:
    published = [
        CoursePublished(**of_course()),
        CoursePublished(**of_course("KC-2")),
        CoursePublished(**of_course("KC-3", "law", "youth")),
    ]
    changed = CourseChanged(
        **of_course("KC-2", "law", "youth"), was_kind="morals", was_audience_kind="everybody"
    )

    assert folded(*published) == {
        ("courses", "morals/everybody"): 2,
        ("courses", "law/youth"): 1,
    }
    assert folded(*published, changed)["courses", "law/youth"] == 2
    assert folded(published[0], CourseRetired(**of_course())) == {}
    kinds = CATALOGUE.of("bases.course_kinds", Variety)
    assert (kinds.of, kinds.split) == ("bases.courses", "course_kind")


def test_a_session_counts_when_it_was_held_with_all_who_came() -> None:
    held = SessionCompleted(
        **SESSION, attended_headcount=52, walk_in_headcount=5, absent_headcount=3
    )
    dims = "morals/everybody/grand-hall"

    assert folded(SessionAnnounced(**SESSION)) == {}
    assert folded(SessionAnnounced(**SESSION), held) == {
        ("sessions_held", dims): 1,
        ("session_person_times", dims): 52,
        ("session_walk_ins", dims): 5,
        ("session_absences", dims): 3,
    }


def test_a_cancelled_session_was_not_held() -> None:
    cancelled = SessionCancelled(**SESSION, signed_up_headcount=12)

    assert folded(cancelled) == {("sessions_cancelled", "morals/everybody/grand-hall"): 1}


def test_sign_ups_count_their_people_until_they_withdraw_and_attendance_is_no_sign_up() -> None:
    accepted = SignUpAccepted(**of_sign_up())
    changed = SignUpChanged(**of_sign_up(20), was_headcount=12)
    attended = SignUpAttended(**of_sign_up(20), attended_headcount=18)

    assert folded(accepted, changed, attended) == {("session_sign_ups", "morals/phone"): 20}
    gone = SignUpWithdrawn(**of_sign_up(20), session_cancelled=False)
    assert folded(accepted, changed, gone) == {}
