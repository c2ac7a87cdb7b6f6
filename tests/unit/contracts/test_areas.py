"""The arithmetic of area codes, for any code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from contracts.areas import (
    CODE_LENGTH,
    LEVEL_LABEL,
    AreaCode,
    AreaLevel,
    is_area,
    level_of,
    lineage,
    parent_of,
    parts,
    within,
)

digits = st.text("0123456789", min_size=15, max_size=15)
codes = st.builds(
    lambda text, length: text[:length], digits, st.sampled_from(list(CODE_LENGTH.values()))
)
WIDTHS = (2, 2, 2, 3, 3, 3)


@given(codes)
def test_parts_put_together_are_the_code_and_empty_ones_come_last(code):
    found = parts(code)

    assert "".join(found).replace("-", "") == code
    assert [len(part) for part in found if part != "-"] == list(WIDTHS[: len(lineage(code))])
    assert list(found) == sorted(found, key=lambda part: part == "-")


@given(codes)
def test_lineage_climbs_by_parents_from_the_area_to_its_province(code):
    climbed = [code]
    while (parent := parent_of(climbed[-1])) is not None:
        climbed.append(parent)

    assert tuple(reversed(climbed)) == lineage(code)
    assert [level_of(area) for area in lineage(code)] == list(AreaLevel)[: len(climbed)]


@given(codes)
def test_an_area_lies_within_exactly_its_lineage(code):
    prefixes = [code[:length] for length in range(len(code) + 1)]

    assert tuple(prefix for prefix in prefixes if within(code, prefix)) == lineage(code)


@given(codes, codes)
def test_two_areas_contain_each_other_only_when_they_are_the_same(one, other):
    assert (within(one, other) and within(other, one)) == (one == other)
    assert within(one, other) == (other in lineage(one))


@given(codes, codes)
def test_within_is_a_prefix_of_the_parts(one, other):
    wanted = [part for part in parts(other) if part != "-"]

    assert within(one, other) == (list(parts(one))[: len(wanted)] == wanted)


@given(st.text(max_size=16))
def test_model_and_function_agree_on_what_an_area_code_is(text):
    try:
        TypeAdapter(AreaCode).validate_python(text)
        accepted = True
    except ValidationError:
        accepted = False

    assert accepted == is_area(text)


@pytest.mark.parametrize("text", ["", "4", "41030", "41030A", "４１０３０５", "410305 ", "4103\n"])
def test_what_is_no_area_has_no_level_no_parts_and_lies_nowhere(text):
    assert not is_area(text)
    assert not within(text, "41")
    assert not within("410305", text)
    for function in (level_of, parts):
        with pytest.raises(ValueError, match="is no area code"):
            function(text)


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("41", AreaLevel.PROVINCE, None),
        ("4103", AreaLevel.CITY, "41"),
        ("410305", AreaLevel.DISTRICT, "4103"),
        ("410305006", AreaLevel.STREET, "410305"),
        ("410305006001", AreaLevel.COMMUNITY, "410305006"),
        ("410305006001007", AreaLevel.GRID, "410305006001"),
    ],
)
def test_the_length_of_a_code_says_its_level(code, level, parent):
    assert (level_of(code), parent_of(code)) == (level, parent)
    assert LEVEL_LABEL[level]
