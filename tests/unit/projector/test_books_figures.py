"""What entries of the books add to the figures; lower bounds and targets never among counts."""

from uuid import UUID

from contracts.kinds.books import Book, Bound, Duration, Rank, TaskState, WithdrawReason
from contracts.membership.books import (
    EntryCorrected,
    EntryEnded,
    EntryEntered,
    EntryWithdrawn,
    ProfileRebased,
    ProfileStated,
    TaskMoved,
)
from services.projector.fold import SEPARATOR, tell
from services.projector.queries import _in_units
from tests.unit.projector.build import COMMUNITY, NEXT_COMMUNITY, Log

ID = UUID(int=9)
PRESS = {
    "area": COMMUNITY,
    "entry_id": ID,
    "book": Book.REGISTER,
    "kind": "press-item",
    "duration": Duration.ONCE,
    "rank": Rank.CITY,
    "quantity": 30,
    "bound": Bound.EXACT,
    "amount_fen": 0,
    "amount_bound": Bound.EXACT,
}
POST = PRESS | {"kind": "model-post", "duration": Duration.STANDING, "quantity": 4}
FUND = PRESS | {"book": Book.FUND, "kind": "garden", "quantity": 4, "amount_fen": 10_000_000}
TASK = PRESS | {"book": Book.TASK, "kind": "duty-list", "quantity": 1}


def amounts(event):
    told = tell(Log().write(event).body.encode())
    assert told.problem is None
    return {(f.figure, f.area, f.dims.replace(SEPARATOR, "/")): f.amount for f in told.facts}


def was(fields):
    names = ("area", "kind", "rank", "quantity", "bound", "amount_fen", "amount_bound")
    return {f"was_{name}": fields[name] for name in names}


def test_an_exact_number_a_lower_bound_and_a_target_are_three_figures():
    for bound, key in (
        (Bound.EXACT, "membership.register_entries"),
        (Bound.AT_LEAST, "membership.register_entries_at_least"),
        (Bound.TARGET, "membership.register_entries_target"),
    ):
        assert amounts(EntryEntered(**PRESS | {"bound": bound})) == {
            (key, COMMUNITY, "press-item/city"): 30
        }


def test_a_lower_bound_made_exact_leaves_the_one_figure_for_the_other():
    before = PRESS | {"bound": Bound.AT_LEAST}
    assert amounts(EntryCorrected(**PRESS | {"quantity": 33}, **was(before))) == {
        ("membership.register_entries_at_least", COMMUNITY, "press-item/city"): -30,
        ("membership.register_entries", COMMUNITY, "press-item/city"): 33,
    }


def test_a_corrected_area_moves_what_was_counted():
    moved = EntryCorrected(**PRESS | {"area": NEXT_COMMUNITY}, **was(PRESS))
    assert amounts(moved) == {
        ("membership.register_entries", COMMUNITY, "press-item/city"): -30,
        ("membership.register_entries", NEXT_COMMUNITY, "press-item/city"): 30,
    }


def test_what_stands_is_counted_until_it_ends_or_is_withdrawn():
    there = {("membership.register_standing", COMMUNITY, "model-post/city"): 4}
    gone = {key: -amount for key, amount in there.items()}
    assert amounts(EntryEntered(**POST)) == there
    assert amounts(EntryEnded(**POST)) == gone
    assert amounts(EntryWithdrawn(**POST, reason=WithdrawReason.ENTERED_TWICE)) == gone


def test_money_and_what_it_was_spent_on_keep_their_own_bounds():
    assert amounts(EntryEntered(**FUND | {"amount_bound": Bound.AT_LEAST})) == {
        ("membership.funds_at_least", COMMUNITY, "garden"): 10_000_000,
        ("membership.funded", COMMUNITY, "garden"): 4,
    }


def test_money_is_shown_in_ten_thousands():
    from services.projector.figures import CATALOGUE

    funds = CATALOGUE.figures["membership.funds"]
    assert _in_units(funds, {"": 350_000_000, "a": 12_345_678}) == {"": 350.0, "a": 12.35}


def test_a_task_moves_between_its_states_and_is_done_once():
    begun = amounts(EntryEntered(**TASK, state=TaskState.OPEN))
    done = amounts(TaskMoved(**TASK, state=TaskState.DONE, was_state=TaskState.OPEN))
    again = amounts(TaskMoved(**TASK, state=TaskState.UNDER_WAY, was_state=TaskState.DONE))
    assert begun == {
        ("membership.tasks_assigned", COMMUNITY, "duty-list"): 1,
        ("membership.tasks", COMMUNITY, "open/duty-list"): 1,
    }
    assert done == {
        ("membership.tasks_done", COMMUNITY, "duty-list"): 1,
        ("membership.tasks", COMMUNITY, "open/duty-list"): -1,
        ("membership.tasks", COMMUNITY, "done/duty-list"): 1,
    }
    assert again[("membership.tasks_done", COMMUNITY, "duty-list")] == -1


def test_a_profile_number_adds_its_change():
    number = {"area": COMMUNITY, "entry_id": ID, "kind": "households", "quantity": 120}
    assert amounts(ProfileStated(**number, change=20)) == {
        ("membership.profile", COMMUNITY, "households"): 20
    }
    assert amounts(ProfileRebased(**number, change=-20)) == {
        ("membership.profile", COMMUNITY, "households"): -20
    }
