"""Figures of members: counted once, whatever happens to them; F12 and F52."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

from contracts.event import Event
from contracts.kinds.books import Bound
from contracts.kinds.members import Education, MemberState, Whereabouts
from contracts.membership.members import (
    HeadcountStated,
    HeadcountWithdrawn,
    JoiningStepRecorded,
    MemberAdvanced,
    MemberLeft,
    MemberLocated,
    MemberMoved,
    MemberReclassified,
    MemberRegistered,
    MemberReturned,
)
from services.projector.fold import tell
from tests.unit.projector.build import COMMUNITY, JUNE, NEXT_COMMUNITY, Log, an_id


@dataclass
class Books:
    """What the figures say after some events, by area."""

    log: Log = field(default_factory=Log)
    sums: Counter[tuple[str, str]] = field(default_factory=Counter)

    def write(self, *events: Event) -> None:
        for event in events:
            told = tell(self.log.write(event, JUNE).body.encode())
            assert told.problem is None
            for fact in told.facts:
                self.sums[fact.figure.removeprefix("membership."), fact.area] += fact.amount

    def __getitem__(self, figure: str) -> int:
        return sum(n for (name, _), n in self.sums.items() if name == figure)

    def within(self, figure: str, area: str) -> int:
        return sum(n for (name, at), n in self.sums.items() if name == figure and at == area)


@pytest.fixture
def books():
    return Books()


def codes(name: str, **given: Any) -> dict[str, Any]:
    return {
        "area": COMMUNITY,
        "subject_id": an_id(name),
        "organisation_id": an_id("支部甲"),
        "state": "full",
        "whereabouts": "here",
        "education": "unknown",
        "work_status": "unknown",
        "occupation": "unknown",
    } | given


def registered(name: str, **given: Any) -> MemberRegistered:
    return MemberRegistered(**codes(name, **given), reason="entered")


def test_362_members_in_seven_branches_are_362(books):
    for number in range(362):
        branch = an_id(f"支部{number % 7}")
        books.write(registered(f"党员{number}", organisation_id=branch))

    assert (books["members"], books["full_members"], books["probationary_members"]) == (362, 362, 0)


def test_who_is_not_yet_a_member_is_not_counted_as_one(books):
    for state in MemberState:
        if state is not MemberState.LEFT:
            books.write(registered(state.value, state=state))

    assert (books["members"], books["full_members"], books["probationary_members"]) == (2, 1, 1)
    assert (books["applicants"], books["activists_current"], books["targets"]) == (1, 1, 1)


def test_a_move_takes_a_member_from_one_area_to_the_other(books):
    books.write(
        registered("甲", whereabouts="here"),
        MemberLocated(
            **codes("甲", whereabouts="away"), was_whereabouts="here", since="2019-06-08"
        ),
        MemberMoved(
            **codes("甲", area=NEXT_COMMUNITY, organisation_id=an_id("支部乙")),
            was_organisation_id=an_id("支部甲"),
            was_area=COMMUNITY,
            was_whereabouts="away",
            reason="transferred",
        ),
    )

    assert [books.within("members", area) for area in (COMMUNITY, NEXT_COMMUNITY)] == [0, 1]
    assert (books["members"], books["mobile_members"]) == (1, 0)


def test_a_mobile_member_counts_once_and_at_home(books):
    books.write(
        registered("甲"),
        MemberLocated(
            **codes("甲", whereabouts="away"),
            was_whereabouts="here",
            since="2019-06-08",
            host_organisation_id=an_id("支部乙"),
        ),
    )

    assert (books["members"], books["mobile_members"], books["lost_members"]) == (1, 1, 0)
    assert books.within("members", COMMUNITY) == 1

    books.write(
        MemberLocated(**codes("甲", whereabouts="lost"), was_whereabouts="away", since="2019-06-09")
    )
    assert (books["members"], books["mobile_members"], books["lost_members"]) == (1, 0, 1)


def test_leaving_takes_back_everything_and_coming_back_gives_it_again(books):
    books.write(
        registered("甲", whereabouts="lost"),
        MemberLeft(
            **codes("甲", state="left"), was_state="full", was_whereabouts="lost", leaving="stopped"
        ),
    )
    assert (books["members"], books["lost_members"], books["members_left"]) == (0, 0, 1)

    books.write(MemberReturned(**codes("甲"), was_leaving="stopped", reason="restored"))
    assert books["members"] == 1


def test_stopped_and_then_removed_left_once(books):
    books.write(
        registered("甲"),
        MemberLeft(
            **codes("甲", state="left"), was_state="full", was_whereabouts="here", leaving="stopped"
        ),
        MemberLeft(
            **codes("甲", state="left"), was_state="left", was_whereabouts="here", leaving="removed"
        ),
    )

    assert (books["members"], books["members_left"]) == (0, 1)


def test_reclassified_members_stay_as_many(books):
    books.write(
        registered("甲", education="senior"),
        MemberReclassified(
            **codes("甲", education="college"),
            was_education="senior",
            was_work_status="unknown",
            was_occupation="unknown",
        ),
    )

    assert books["members"] == 1


def test_ten_activists_nine_with_high_school_six_trained(books):
    """F52: both are subsets of the ten."""
    schooling = [Education.JUNIOR, *[Education.SENIOR] * 4, *[Education.BACHELOR] * 5]
    for number, education in enumerate(schooling):
        name = f"积极分子{number}"
        who = codes(name, state="activist", education=education)
        if number % 2:
            books.write(registered(name, state="activist", education=education))
        else:
            applicant = codes(name, state="applicant", education=education)
            books.write(
                MemberRegistered(**applicant, reason="entered"),
                MemberAdvanced(**who, was_state="applicant", reason="recognised"),
            )
        if number < 6:
            books.write(JoiningStepRecorded(**who, step="activist-training", held_on="2019-06-08"))
        books.write(JoiningStepRecorded(**who, step="activist-check", held_on="2019-06-08"))

    assert [books[key] for key in ("activists", "activists_high_school", "activists_trained")] == [
        10,
        9,
        6,
    ]
    assert (books["members"], books["activists_current"]) == (0, 10)


def test_accepted_and_confirmed_members_are_flows(books):
    books.write(
        registered("甲", state="target"),
        MemberAdvanced(**codes("甲", state="probationary"), was_state="target", reason="accepted"),
        MemberAdvanced(
            **codes("甲", state="probationary"), was_state="probationary", reason="extended"
        ),
        MemberAdvanced(**codes("甲"), was_state="probationary", reason="confirmed"),
    )

    assert (books["members_accepted"], books["members_confirmed"]) == (1, 1)
    assert (books["members"], books["full_members"], books["probationary_members"]) == (1, 1, 0)


def stated(name: str, headcount: int, bound: Bound, kind: str = "served") -> HeadcountStated:
    return HeadcountStated(
        area=COMMUNITY,
        headcount_id=an_id(name),
        organisation_id=an_id("党委甲"),
        kind=kind,
        headcount=headcount,
        bound=bound,
    )


def test_lower_bounds_and_targets_are_never_added_to_exact_numbers(books):
    books.write(
        stated("一", 30, Bound.EXACT),
        stated("二", 500, Bound.AT_LEAST),
        stated("三", 700, Bound.TARGET),
        stated("四", 12, Bound.EXACT, "hardship-visit"),
    )

    assert [
        books[key]
        for key in (
            "headcounts",
            "headcounts_at_least",
            "headcounts_target",
            "served_members",
            "served_members_at_least",
        )
    ] == [42, 500, 700, 30, 500]


def test_a_withdrawn_number_is_taken_back(books):
    books.write(
        stated("一", 30, Bound.EXACT),
        HeadcountWithdrawn(
            area=COMMUNITY,
            headcount_id=an_id("一"),
            organisation_id=an_id("党委甲"),
            kind="served",
            headcount=30,
            bound=Bound.EXACT,
        ),
    )

    assert (books["headcounts"], books["served_members"]) == (0, 0)


def test_every_whereabouts_has_its_figure_or_is_here():
    assert {one.value for one in Whereabouts} == {"here", "away", "lost"}
