"""Rules of teams, skills, the menu and stars, on both sides of every boundary."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from contracts.kinds.members import HolderKind
from contracts.kinds.volunteering import (
    RequestChannel,
    RequestStatus,
    SkillRegister,
    StarTier,
    Timeliness,
)
from contracts.membership.volunteering import VolunteerStarRaised, VolunteerStarred
from services.membership.domain.volunteering import menu, teams
from services.membership.domain.volunteering.holders import Holder, OutOfOrder
from services.membership.domain.volunteering.rules import (
    FIRST_VERSIONS,
    RULES,
    ResponseTarget,
    StarTiers,
)

AT = datetime(2019, 6, 3, 1, 0, tzinfo=UTC)
WHO = Holder(UUID(int=7), HolderKind.MEMBER)
STARS = StarTiers(hours=(100, 300, 600, 1000, 1500))
QUARTER = ResponseTarget(minutes=15)


def item(**given: object) -> menu.Item:
    made = menu.Item(
        item_id=UUID(int=1),
        code="FW-1",
        name="修理",
        service_kind="repair",
        star=StarTier.NONE,
        duration_minutes=60,
        area="410305001001",
        team_id=UUID(int=2),
        offered_on=AT.date(),
        withdrawn_on=None,
    )
    return made.model_copy(update=given)


def request(**given: object) -> menu.Request:
    made = menu.Request(
        request_id=UUID(int=3),
        item_id=UUID(int=1),
        service_kind="repair",
        star=StarTier.NONE,
        channel=RequestChannel.PHONE,
        area="410305001001",
        status=RequestStatus.REQUESTED,
        wished_on=None,
        requested_at=AT,
        assigned_at=None,
        closed_at=None,
        team_id=None,
        waited_minutes=None,
        timeliness=None,
        service_minutes=None,
        rating=None,
    )
    return made.model_copy(update=given)


def test_every_rule_has_a_first_version_with_its_source():
    assert {type(stated.rule) for stated in FIRST_VERSIONS} == set(RULES)
    assert all(stated.source for stated in FIRST_VERSIONS)


@pytest.mark.parametrize(
    ("hours", "below", "reached"),
    [
        (100, StarTier.NONE, StarTier.ONE),
        (300, StarTier.ONE, StarTier.TWO),
        (600, StarTier.TWO, StarTier.THREE),
        (1000, StarTier.THREE, StarTier.FOUR),
        (1500, StarTier.FOUR, StarTier.FIVE),
    ],
)
def test_a_star_is_earned_with_its_last_minute(hours, below, reached):
    assert STARS.of(hours * 60 - 1) is below
    assert STARS.of(hours * 60) is reached


def test_a_first_star_adds_a_later_one_moves_and_none_is_ever_taken():
    area = "410305001001"
    first = menu.star_of(WHO, area, StarTier.NONE, StarTier.TWO)
    raised = menu.star_of(WHO, area, StarTier.TWO, StarTier.THREE)

    assert isinstance(first, VolunteerStarred)
    assert isinstance(raised, VolunteerStarRaised)
    assert (raised.was_star, raised.star) == (StarTier.TWO, StarTier.THREE)
    assert menu.star_of(WHO, area, StarTier.TWO, StarTier.TWO) is None
    assert menu.star_of(WHO, area, StarTier.TWO, StarTier.ONE) is None


@pytest.mark.parametrize(
    ("after", "timeliness", "waited"),
    [
        (timedelta(minutes=15), Timeliness.IN_TIME, 15),
        (timedelta(minutes=15, seconds=1), Timeliness.LATE, 15),
        (timedelta(0), Timeliness.IN_TIME, 0),
        (timedelta(minutes=-4), Timeliness.IN_TIME, 0),
    ],
)
def test_the_response_target_ends_with_its_last_second(after, timeliness, waited):
    event = menu.assign(request(), UUID(int=2), None, StarTier.NONE, QUARTER, AT + after)

    assert (event.timeliness, event.waited_minutes) == (timeliness, waited)


def test_nothing_is_assigned_before_it_was_asked_for():
    with pytest.raises(OutOfOrder):
        menu.assign(request(), UUID(int=2), None, StarTier.NONE, QUARTER, AT - timedelta(minutes=6))


@pytest.mark.parametrize("earned", [StarTier.NONE, StarTier.TWO])
def test_a_starred_service_refuses_a_lower_star(earned):
    with pytest.raises(menu.StarTooLow) as refused:
        menu.check_star(StarTier.THREE, WHO, earned)
    assert refused.value.facts["asked"] == "three"


@pytest.mark.parametrize("earned", [StarTier.THREE, StarTier.FIVE])
def test_a_starred_service_takes_its_star_and_every_higher_one(earned):
    menu.check_star(StarTier.THREE, WHO, earned)


def test_a_starred_service_needs_a_volunteer_by_id():
    with pytest.raises(menu.NobodyAssigned):
        menu.check_star(StarTier.ONE, None, StarTier.NONE)


@pytest.mark.parametrize("area", ["410305001001", "410305001001002"])
def test_a_grid_of_the_community_may_choose(area):
    assert menu.request(item(), UUID(int=3), area, RequestChannel.WEB, None).area == area


@pytest.mark.parametrize("area", ["410305001", "410305001002"])
def test_who_lives_elsewhere_may_not(area):
    with pytest.raises(menu.OutsideReach):
        menu.request(item(), UUID(int=3), area, RequestChannel.WEB, None)


def test_an_edit_that_says_the_same_is_no_event():
    assert menu.change_item(item(), item(service_kind="repair")) is None
    changed = menu.change_item(item(), item(star=StarTier.ONE))
    assert changed is not None
    assert (changed.star, changed.was_star) == (StarTier.ONE, StarTier.NONE)


def test_a_stated_number_counts_in_the_year_it_is_of():
    assert menu.in_its_year(2019, AT) == AT
    assert menu.in_its_year(2018, AT).astimezone(UTC) == datetime(2018, 12, 31, 4, tzinfo=UTC)
    with pytest.raises(menu.YearAhead):
        menu.in_its_year(2020, AT)


def test_the_year_turns_at_the_offices_midnight():
    new_year = datetime(2018, 12, 31, 16, 0, tzinfo=UTC)
    assert menu.in_its_year(2019, new_year) == new_year
    with pytest.raises(menu.YearAhead):
        menu.in_its_year(2019, new_year - timedelta(seconds=1))


# Skills and teams


TALENT = teams.Skill(
    skill_id=UUID(int=5),
    service_kind="craft",
    skill_register=SkillRegister.TALENT,
    organisation_id=UUID(int=1),
    area="410305001001",
    status=teams.OFFER.to,
    holder_id=None,
    holder_kind=None,
    consented_on=date(2019, 6, 1),
    offered_on=date(2019, 6, 1),
)


@pytest.mark.parametrize(
    ("named", "without"),
    [
        (False, {}),
        (True, {"consented_on": None}),
        (True, {"skill_register": SkillRegister.OFFER}),
    ],
)
def test_a_talent_of_no_register_needs_a_name_and_consent(named, without):
    teams.offer_skill(TALENT, named=True)
    with pytest.raises(teams.TalentUnnamed):
        teams.offer_skill(TALENT.model_copy(update=without), named=named)


def test_the_record_of_a_volunteer_has_an_id_of_its_own():
    assert WHO.volunteer_id == Holder(UUID(int=7), HolderKind.MEMBER).volunteer_id
    assert WHO.volunteer_id not in {
        WHO.holder_id,
        Holder(UUID(int=8), WHO.holder_kind).volunteer_id,
    }
