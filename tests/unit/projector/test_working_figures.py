"""What working members' events add to the figures, and what never mixes."""

from datetime import date
from typing import Any

import pytest

from contracts.kinds.books import Bound
from contracts.kinds.working import ClaimEnd, ServiceTime
from contracts.membership.working import (
    EmployerRegistered,
    FeedbackIssued,
    PostClaimed,
    PostClaimEnded,
    RegistrantChanged,
    RegistrantDeparted,
    RegistrantRegistered,
    RegistrantReturned,
    ServiceCredited,
    ServicePostChanged,
    ServicePostClosed,
    ServicePostOpened,
    ServiceRecorded,
    ServiceVoided,
)
from services.projector.declare import Catalogue, Family, Misdeclared, Variety
from services.projector.figures import CATALOGUE
from services.projector.fold import SEPARATOR, Told, tell
from tests.unit.projector.build import COMMUNITY, JUNE, Log, an_id

GRID = f"{COMMUNITY}001"


def told(event: Any) -> Told:
    return tell(Log().write(event, JUNE).body.encode())


def amounts(event: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for fact in told(event).facts:
        found[fact.figure] = found.get(fact.figure, 0) + fact.amount
    return found


def who(**given: Any) -> dict[str, Any]:
    return {
        "area": COMMUNITY,
        "registrant_id": an_id("张"),
        "employer_id": an_id("测试大学"),
        "occupation_kind": "teacher",
        "main_skill_kind": "teaching",
    } | given


def service(**given: Any) -> dict[str, Any]:
    return {
        "area": COMMUNITY,
        "record_id": an_id("服务"),
        "post_kind": "elderly-care",
        "held_on": date(2019, 6, 8),
        "service_time": ServiceTime.UNSTATED,
        "sessions": 0,
        "attended": 473,
        "service_minutes": 0,
        "beneficiaries": 0,
        "bound": Bound.EXACT,
    } | given


def post(**given: Any) -> dict[str, Any]:
    return {
        "area": COMMUNITY,
        "post_id": an_id("岗"),
        "post_kind": "patrol",
        "places": 4,
        "starts_on": date(2019, 1, 1),
    } | given


def test_473_person_times_are_attendance_and_neither_persons_nor_activities() -> None:
    assert amounts(ServiceRecorded(**service())) == {"membership.working_attendance": 473}


@pytest.mark.parametrize(
    ("bound", "figure"),
    [
        (Bound.AT_LEAST, "membership.working_attendance_at_least"),
        (Bound.TARGET, "membership.working_attendance_target"),
    ],
)
def test_lower_bounds_and_targets_are_counted_apart(bound: Bound, figure: str) -> None:
    said = service(bound=bound, sessions=20, beneficiaries=9, service_minutes=60)
    assert amounts(ServiceRecorded(**said)) == {figure: 473}


def test_a_voided_record_takes_back_all_that_it_added() -> None:
    said = service(
        sessions=1,
        attended=2,
        service_minutes=180,
        beneficiaries=7,
        service_time=ServiceTime.OFF_HOURS,
    )
    added, taken = amounts(ServiceRecorded(**said)), amounts(ServiceVoided(**said))
    assert added == {
        "membership.working_activities": 1,
        "membership.off_hours_activities": 1,
        "membership.working_attendance": 2,
        "membership.working_hours": 180,
        "membership.working_beneficiaries": 7,
    }
    assert taken == {key: -amount for key, amount in added.items()}


def test_a_registrant_is_counted_by_occupation_skill_and_employer_and_never_as_a_member() -> None:
    facts = told(RegistrantRegistered(**who(area=GRID))).facts
    by_figure = {fact.figure: fact for fact in facts}
    assert set(by_figure) == {"membership.registrants", "membership.registrations"}
    stock = by_figure["membership.registrants"]
    assert stock.dims.split(SEPARATOR) == ["teacher", "teaching"]
    assert (stock.refs, stock.area) == (str(an_id("测试大学")), GRID)


def test_somebody_without_a_skill_is_counted_too() -> None:
    assert amounts(RegistrantRegistered(**who(main_skill_kind=None)))["membership.registrants"] == 1


def test_leaving_and_coming_back_move_the_stock_alone() -> None:
    assert amounts(RegistrantDeparted(**who())) == {"membership.registrants": -1}
    assert amounts(RegistrantReturned(**who())) == {"membership.registrants": 1}


def test_a_move_into_a_grid_takes_back_where_they_were() -> None:
    event = RegistrantChanged(
        **who(area=GRID),
        was_area=COMMUNITY,
        was_employer_id=an_id("测试大学"),
        was_occupation_kind="teacher",
        was_main_skill_kind="teaching",
    )
    assert {(f.area, f.amount) for f in told(event).facts} == {(COMMUNITY, -1), (GRID, 1)}


def test_posts_and_their_places_open_change_and_close() -> None:
    changed = ServicePostChanged(
        **post(post_kind="repairs", places=6),
        was_area=COMMUNITY,
        was_post_kind="patrol",
        was_places=4,
    )
    assert amounts(ServicePostOpened(**post())) == {
        "membership.service_posts": 1,
        "membership.service_places": 4,
    }
    assert amounts(changed) == {"membership.service_posts": 0, "membership.service_places": 2}
    assert amounts(ServicePostClosed(**post())) == {
        "membership.service_posts": -1,
        "membership.service_places": -4,
    }


def test_claims_are_a_flow_when_taken_and_a_stock_while_held() -> None:
    said = {
        "area": COMMUNITY,
        "claim_id": an_id("认领"),
        "post_id": an_id("岗"),
        "registrant_id": an_id("张"),
        "employer_id": an_id("测试大学"),
        "post_kind": "patrol",
    }
    assert amounts(PostClaimed(**said)) == {
        "membership.claims_held": 1,
        "membership.posts_claimed": 1,
    }
    ended = PostClaimEnded(**said, how=ClaimEnd.WITHDRAWN)
    assert amounts(ended) == {"membership.claims_held": -1}


def test_credits_are_split_by_employer() -> None:
    fact = told(
        ServiceCredited(
            area=COMMUNITY,
            credit_id=an_id("明细"),
            record_id=an_id("服务"),
            registrant_id=an_id("张"),
            employer_id=an_id("测试大学"),
            post_kind="patrol",
            held_on=date(2019, 6, 8),
            minutes=90,
        )
    ).facts
    assert {f.figure: f.amount for f in fact} == {
        "membership.credited_services": 1,
        "membership.credited_hours": 90,
    }
    assert {f.refs for f in fact} == {str(an_id("测试大学"))}


def test_employers_are_known_by_name_and_their_letters_counted() -> None:
    name = told(
        EmployerRegistered(
            area="410305", employer_id=an_id("测试大学"), code="DW-01", name="测试大学"
        )
    ).name
    assert name is not None
    assert (name.family, name.name) == (Family.EMPLOYER, "测试大学")
    letter = FeedbackIssued(
        area=COMMUNITY,
        feedback_id=an_id("函"),
        employer_id=an_id("测试大学"),
        year=2019,
        edition=1,
        registrants=2,
        attended=3,
        service_minutes=210,
    )
    assert amounts(letter) == {"membership.employer_feedback": 1}


def test_persons_and_person_times_have_different_units() -> None:
    units = {key: CATALOGUE.figures[f"membership.{key}"].unit for key in ("registrants",)}
    assert units == {"registrants": "名"}
    assert CATALOGUE.figures["membership.working_attendance"].unit == "人次"


def test_a_variety_tells_a_rolled_dimension_apart_and_is_split_by_none() -> None:
    kinds = CATALOGUE.figures["membership.post_kinds_claimed"]
    assert CATALOGUE.dimensions_of(kinds) == {}
    counted = CATALOGUE.figures["membership.posts_claimed"]
    for wrong in ("employer", "colour"):
        asked = Variety("x.y", "名称", "类", "说明", of=counted.key, split=wrong)
        with pytest.raises(Misdeclared, match="no rolled dimension"):
            Catalogue((counted, asked), ())
