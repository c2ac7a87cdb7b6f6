"""The demo year is in, adds up, and stays as it is however often it is loaded."""

import httpx
import pytest

from tests.stack import Stack

YEAR = {"area": "410305", "from": "2019-01-01", "to": "2019-12-31"}


@pytest.fixture(scope="module")
def projector(stack: Stack) -> httpx.Client:
    headers = {"Authorization": f"Bearer {stack.token()}"}
    with httpx.Client(base_url=stack.url("projector"), headers=headers) as client:
        yield client


def figure(projector: httpx.Client, key: str, **asked: str) -> dict:
    return projector.get(f"/v1/figures/{key}", params=YEAR | asked).raise_for_status().json()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("bases.visit_batches", 29),
        ("bases.visit_persons", 856),
        ("bases.halls", 2),
        ("bases.themes", 4),
        ("bases.bases", 6),
        ("bases.unvisited_bases", 5),
        ("membership.organisations", 200),
        ("membership.members", 362),
    ],
)
def test_the_year_shows_the_figures_of_the_real_summary(projector, key, value):
    assert figure(projector, key)["value"] == value


def test_person_times_are_spread_over_four_visitor_levels(projector):
    groups = figure(projector, "bases.visit_persons", by="visitor_level")["groups"]
    shown = {group["key"]: group["value"] for group in groups if group["value"]}
    assert shown == {"central": 34, "province": 120, "city": 284, "district": 418}


def test_the_summary_states_batches_and_person_times(projector):
    summary = projector.get("/v1/summaries/work", params=YEAR | {"format": "md"}).text
    assert "29批次" in summary
    assert "856人次" in summary


def test_loading_it_again_changes_nothing_and_says_so(stack: Stack, projector):
    done = stack.run("demo", "--data", str(stack.data))
    assert "新登记 0 行，已有 1018 行，未导入 0 处" in done.stderr
    assert "29 批次、856 人次" in done.stdout
    assert figure(projector, "bases.visit_batches")["value"] == 29


def test_the_main_base_has_bookings_to_show(stack: Stack):
    headers = {"Authorization": f"Bearer {stack.token()}"}
    with httpx.Client(base_url=stack.url("bases"), headers=headers) as bases:
        base = bases.get("/v1/bases", params={"code": "JD-01"}).json()["items"][0]
        asked = {"base_id": base["base_id"]}
        bookings = bases.get("/v1/bookings", params=asked).raise_for_status().json()["items"]
    assert {"pending", "confirmed"} <= {booking["status"] for booking in bookings}
