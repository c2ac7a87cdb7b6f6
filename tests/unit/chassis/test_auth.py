"""Who may do what where: the whole table, against areas that contain, touch or only look alike."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.access import ROLE_LABEL, ROLES, Action
from contracts.areas import CODE_LENGTH, is_area, lineage, within
from services.chassis.auth import Grant, OutOfScope, Principal, _principal, allowed
from services.chassis.errors import Forbidden, Unauthenticated

STREET = "410305001"
RELATIONS = {
    "itself": (STREET, True),
    "a community of it": ("410305001002", True),
    "a grid of it": ("410305001002003", True),
    "the district around it": ("410305", False),
    "the province around it": ("41", False),
    "the street beside it": ("410305002", False),
    "a street that begins alike": ("410305010", False),
    "another district": ("410306001", False),
    "another province": ("110105001", False),
    "a code of no level": ("4103050010", False),
    "nothing": ("", False),
}

districts = st.from_regex(r"[0-9]{6}", fullmatch=True)
codes = st.sampled_from(sorted(CODE_LENGTH.values())).flatmap(
    lambda digits: st.text("0123456789", min_size=digits, max_size=digits)
)


@pytest.mark.parametrize("role", [*ROLES, "emperor", ""])
def test_a_role_may_do_its_actions_in_its_area_and_below_and_nothing_else(role):
    grants = (Grant(role, STREET),)
    for action, (area, inside) in product(Action, RELATIONS.values()):
        expected = inside and action in ROLES.get(role, ())
        assert allowed(grants, action, area) == expected, (action, area)


def test_every_role_has_a_label_and_reads():
    assert set(ROLE_LABEL) == set(ROLES)
    assert all(Action.READ in actions for actions in ROLES.values())


def test_nobody_without_a_grant_may_do_anything():
    assert not any(allowed((), action, STREET) for action in Action)


def test_the_role_of_one_grant_is_not_used_in_the_area_of_another():
    grants = (Grant("viewer", "410305"), Grant("admin", "410306"))

    assert allowed(grants, Action.READ, STREET)
    assert not allowed(grants, Action.HANDLE_BOOKINGS, STREET)


@given(codes, codes)
def test_within_means_to_be_on_the_way_up(code, container):
    assert within(code, container) == (container in lineage(code))


@given(st.text())
def test_what_is_no_area_code_contains_nothing_and_lies_nowhere(text):
    if not is_area(text):
        assert not within(STREET, text)
        assert not within(text, "41")


def test_a_refusal_tells_a_missing_role_from_a_foreign_area():
    clerk = Principal("x", (Grant("base-clerk", STREET),), 0)

    with pytest.raises(OutOfScope) as outside:
        clerk.require(Action.HANDLE_BOOKINGS, "410306")
    with pytest.raises(Forbidden) as missing:
        clerk.require(Action.MANAGE_BASES, STREET)

    assert outside.value.facts == {"area": "410306", "granted": [STREET]}
    assert type(missing.value) is Forbidden
    assert missing.value.facts["roles"] == ["admin", "base-manager"]


@pytest.mark.parametrize(
    "grants",
    [
        7,
        "admin",
        {"role": "admin", "area": STREET},
        ["admin"],
        [None],
        [{"role": "admin"}],
        [{"area": STREET}],
        [{"role": "admin", "area": ""}],
        [{"role": "admin", "area": "%"}],
        [{"role": "admin", "area": "41030"}],
        [{"role": "admin", "area": None}],
        [{"role": "admin", "area": ["41"]}],
        [{"role": "admin", "area": STREET}, {"role": "admin", "area": "*"}],
        None,
    ],
    ids=repr,
)
def test_malformed_grants_make_the_whole_token_invalid(grants):
    with pytest.raises(Unauthenticated):
        _principal({"sub": "x", "exp": 1, "grants": grants})


def test_a_token_may_carry_no_grants_at_all():
    assert _principal({"sub": "x", "exp": 1}).grants == ()
