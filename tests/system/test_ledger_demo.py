"""The demo year is in, adds up, and stays as it is however often it is loaded."""

import httpx
import pytest

from ops.demo import bases
from tests import walks
from tests.stack import Stack

YEAR = {"area": "410305", "from": "2019-01-01", "to": "2019-12-31"}


@pytest.fixture(scope="module")
def projector(stack: Stack) -> httpx.Client:
    headers = {"Authorization": f"Bearer {stack.token()}"}
    with httpx.Client(base_url=stack.url("projector"), headers=headers) as client:
        yield client


def figure(projector: httpx.Client, key: str, **asked: str) -> dict:
    return projector.get(f"/v1/figures/{key}", params=YEAR | asked).raise_for_status().json()


STATED = {
    "bases.visit_batches": 29,
    "bases.visit_persons": 856,
    "bases.halls": 2,
    "bases.themes": 4,
    "bases.bases": 6,
    "bases.unvisited_bases": 5,
    "bases.menu_items": len(bases.ITEMS) + len(bases.SERVICES),
    "bases.packages": 2,
    "bases.lecture_halls": len(bases.LECTURE_HALLS),
    "bases.courses": len(bases.COURSES),
    "bases.sessions_held": bases.SESSIONS,
    "bases.session_person_times": bases.LISTENERS,
    "bases.film_showings": bases.SHOWINGS,
    "bases.film_viewers": bases.VIEWERS,
    "bases.trainings": bases.TRAININGS,
    "bases.trainees": bases.TRAINEES,
    "bases.tours": bases.TOURS,
    "bases.tour_persons": bases.TOURISTS,
    "bases.lecturers": len(bases.TEAM),
    "bases.guests": 3,
    "bases.closures": len(bases.CLOSURES),
    "bases.equipment": sum(each[-1] for each in bases.EQUIPMENT),
    "membership.organisations": 200,
    "membership.members": 362,
}


@walks.over([*STATED])
def test_the_year_shows_the_figures_of_the_real_summary(key, projector):
    assert figure(projector, key)["value"] == STATED[key]


def test_person_times_are_spread_over_four_visitor_levels(projector):
    groups = figure(projector, "bases.visit_persons", by="visitor_level")["groups"]
    shown = {group["key"]: group["value"] for group in groups if group["value"]}
    assert shown == {"central": 34, "province": 120, "city": 284, "district": 418}


def test_the_summary_states_batches_and_person_times(projector):
    summary = projector.get("/v1/summaries/work", params=YEAR | {"format": "md"}).text
    assert "29批次" in summary
    assert "856人次" in summary


def test_the_summary_tells_of_bases_in_the_order_of_an_offices_year(projector):
    summary = projector.get("/v1/summaries/work", params=YEAR | {"format": "md"}).text
    places = [
        summary.find(said)
        for said in (
            "推出红色套餐2个。",
            "讲师团队共有5人，其中讲师1人、讲解员2人、放映员1人、主持人1人；志愿者共3人。",
            "公告闭馆2次，其中设施维护1次、布展改造1次。",
            "接待中央、省、市、区各级党组织参观学习29批次、856人次",
            f"播放党性教育影片{bases.SHOWINGS}场次、观影{bases.VIEWERS}人次。",
            f"举办党务工作等培训{bases.TRAININGS}场次、培训{bases.TRAINEES}人次。",
            f"开展讲习活动{bases.SESSIONS}场，参与{bases.LISTENERS}人次，",
        )
    ]
    assert -1 not in places
    assert places == sorted(places)


def test_loading_it_again_changes_nothing_and_says_so(stack: Stack, projector):
    done = stack.run("demo", "--data", str(stack.data))
    assert "新登记 0 行，已有 1018 行，未导入 0 处" in done.stderr
    assert "29 批次、856 人次" in done.stdout
    assert figure(projector, "bases.visit_batches")["value"] == 29


def test_the_main_base_has_bookings_to_show_of_each_kind_and_once(stack: Stack):
    headers = {"Authorization": f"Bearer {stack.token()}"}
    with httpx.Client(base_url=stack.url("bases"), headers=headers) as service:

        def items(path: str, **asked: str) -> list[dict]:
            return service.get(path, params=asked).raise_for_status().json()["items"]

        (base,) = items("/v1/bases", code="JD-01")
        here = {"base_id": base["base_id"]}
        bookings = items("/v1/bookings", **here)
        (series,) = items("/v1/series", **here)
        waiting = items("/v1/waitlist", **here)
        guided = [booking for booking in bookings if booking["menu_item_id"]]
        lecturers = [
            service.get(f"/v1/bookings/{each['booking_id']}/lecturers").json() for each in guided
        ]
    assert {"pending", "endorsed", "confirmed"} <= {booking["status"] for booking in bookings}
    occurrences = [each for each in bookings if each["series_id"] == series["series_id"]]
    assert {each["headcount"] for each in occurrences} == {20}
    assert len(waiting) == len(guided) == 1
    assert [len(each) for each in lecturers] == [1]
