"""What volunteering adds to the figures: bounds apart, persons and person-times apart."""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from contracts.event import Event
from contracts.membership import volunteering as facts
from services.projector.figures import volunteering
from services.projector.fold import SEPARATOR, tell
from tests.contract import samples
from tests.unit.projector.build import Log

KEYS = {figure.key for figure in volunteering.FIGURES}


def event(name: str, **given: Any) -> Event:
    """The golden sample of a class, with what a test says otherwise."""
    cls = getattr(facts, name)
    sample = json.loads((samples.FOLDER / f"{cls.type}.json").read_text())
    return cls.model_validate(sample["data"] | given)


def totals(*events: Event) -> dict[str, int]:
    """Every figure of volunteering after these events, without those that came to nothing."""
    sums: dict[str, int] = {}
    for each in events:
        told = tell(Log().write(each).body.encode())
        assert told.problem is None
        for fact in told.facts:
            if fact.figure in KEYS:
                sums[fact.figure] = sums.get(fact.figure, 0) + fact.amount
    return {key.removeprefix("membership."): n for key, n in sums.items() if n}


def by(events: Iterable[Event], figure: str) -> dict[str, int]:
    sums: dict[str, int] = {}
    for each in events:
        for fact in tell(Log().write(each).body.encode()).facts:
            if fact.figure == f"membership.{figure}":
                dims = fact.dims.replace(SEPARATOR, "/")
                sums[dims] = sums.get(dims, 0) + fact.amount
    return {dims: n for dims, n in sums.items() if n}


def test_fifty_odd_menu_services_are_a_lower_bound_and_never_added_to_the_count():
    rendered = [event("ServiceRendered") for _ in range(3)]
    stated = [
        event("ServiceQuantityStated", quantity=50, bound="at-least"),
        event("ServiceQuantityStated", quantity=60, bound="target"),
        event("ServiceQuantityStated", quantity=7, bound="exact"),
    ]
    assert totals(*rendered, *stated) == {
        "menu_services": 10,
        "services_rendered": 3,
        "menu_services_at_least": 50,
        "menu_services_target": 60,
    }


@pytest.mark.parametrize("bound", ["exact", "at-least", "target"])
def test_a_statement_taken_back_leaves_nothing(bound):
    stated = event("ServiceQuantityStated", bound=bound)
    assert totals(stated, event("ServiceQuantityRetracted", bound=bound)) == {}


def test_a_team_that_changes_its_kind_takes_its_volunteers_along():
    story = [
        event("VolunteerTeamFormed", team_kind="care"),
        event("VolunteerEnlisted", team_kind="care"),
        event("VolunteerEnlisted", team_kind="care"),
        event("VolunteerTeamChanged", was_team_kind="care", team_kind="party", headcount=2),
        event("VolunteerDeparted", team_kind="party"),
    ]
    assert by(story, "volunteer_teams") == {"party": 1}
    assert by(story, "volunteer_places") == {"party": 1}
    ended = event("VolunteerTeamDisbanded", team_kind="party", headcount=1)
    assert totals(*story, ended) == {}


def test_a_skill_counts_from_its_approval_and_in_its_own_register():
    approved = event("SkillApproved")
    talent = event("SkillApproved", skill_register="talent")
    assert totals(event("SkillOffered")) == {}
    assert totals(approved, talent) == {"service_skills": 1, "local_talents": 1}
    assert totals(approved, event("SkillRetracted", was_status="approved")) == {}
    assert totals(event("SkillRetracted", was_status="offered")) == {}


def test_a_request_is_counted_where_it_stands():
    assert totals(event("ServiceRequested")) == {"service_requests": 1}
    late = event("ServiceAssigned", timeliness="late", waited_minutes=40)
    in_time = event("ServiceAssigned", timeliness="in-time", waited_minutes=5)
    assert totals(late, in_time) == {
        "services_assigned": 2,
        "services_in_time": 1,
        "services_waited": 45,
    }
    assert totals(event("ServiceRated", rating=4)) == {
        "services_rated": 1,
        "service_rating_points": 4,
    }


def test_hours_are_minutes_over_sixty_and_turns_are_person_times():
    credited = [event("ServiceTimeCredited", service_minutes=90) for _ in range(2)]
    assert totals(*credited) == {"volunteer_hours": 180, "volunteer_turns": 2}
    back = event("ServiceTimeRetracted", service_minutes=90, source="request")
    assert totals(*credited, back) == {"volunteer_hours": 90, "volunteer_turns": 1}
    hours = next(f for f in volunteering.FIGURES if f.key == "membership.volunteer_hours")
    assert hours.per == 60  # type: ignore[union-attr]


def test_a_volunteer_has_one_star_at_a_time():
    story = [
        event("VolunteerStarred", star="one"),
        event("VolunteerStarRaised", was_star="one", star="two"),
    ]
    assert by(story, "starred_volunteers") == {"two": 1}


def test_pairs_follow_their_file_and_end_with_it():
    first = {"grade_kind": "first", "difficulty_kind": "empty-nest"}
    second = {"grade_kind": "second", "difficulty_kind": "empty-nest"}
    story = [
        event("HelpFileOpened", **first),
        event("HelperPaired", **first),
        event("HelperPaired", **first),
        event("HelperUnpaired", **first),
        event(
            "HelpFileRegraded",
            **second,
            was_grade_kind="first",
            was_difficulty_kind="empty-nest",
            helper_count=1,
        ),
    ]
    assert by(story, "help_files") == {"second/empty-nest": 1}
    assert by(story, "help_pairs") == {"second/empty-nest": 1}
    assert totals(*story, event("HelpFileClosed", **second, helper_count=1)) == {}


def test_a_claim_given_back_is_not_counted_and_a_wish_is_fulfilled_once():
    story = [
        event("MicroWishCollected"),
        event("MicroWishClaimed"),
        event("MicroWishReleased"),
        event("MicroWishClaimed"),
        event("MicroWishFulfilled"),
    ]
    assert totals(*story) == {
        "wishes_collected": 1,
        "wishes_claimed": 1,
        "wishes_fulfilled": 1,
    }


def test_an_item_moves_between_kinds_and_stars():
    story = [
        event("ServiceItemOffered", service_kind="repair", star="none"),
        event(
            "ServiceItemChanged",
            service_kind="repair",
            was_service_kind="repair",
            star="one",
            was_star="none",
        ),
    ]
    assert by(story, "service_items") == {"repair/one": 1}
    withdrawn = event("ServiceItemRetracted", service_kind="repair", star="one")
    assert totals(*story, withdrawn) == {}


def test_a_zone_is_counted_until_it_is_given_up():
    assert totals(event("BranchZoneAssigned")) == {"branch_zones": 1}
    assert totals(event("BranchZoneAssigned"), event("BranchZoneEnded")) == {}
