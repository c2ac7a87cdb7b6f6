"""Charts: what is drawn, what is read aloud, and that nothing leaves the picture."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.console.charts import HEIGHT, MOST_BARS, WIDTH, Point, nice_scale, share_bar, trend

SVG = "{http://www.w3.org/2000/svg}"


def months(*values: float, year: int = 2019) -> list[Point]:
    return [Point(f"{i % 12 + 1}月", v, f"{year + i // 12}年") for i, v in enumerate(values)]


def drawn(points: list[Point]) -> ET.Element:
    return ET.fromstring(trend(points, description="走势"))  # noqa: S314  we wrote it ourselves


def words(chart: ET.Element, kind: str) -> list[str]:
    return [text.text or "" for text in chart.iter("text") if text.get("class") == kind]


@given(st.integers(0, 10**9))
def test_the_scale_starts_at_nought_reaches_the_highest_and_has_whole_marks(highest: int) -> None:
    scale = nice_scale(highest)
    assert scale[0] == 0
    assert scale[-1] >= highest
    assert scale == sorted(set(scale))
    assert all(float(mark).is_integer() for mark in scale)
    assert 2 <= len(scale) <= 7


def test_a_year_is_bars_with_their_numbers_and_no_bar_for_nothing() -> None:
    chart = drawn(months(0, 6, 5, 0))
    assert words(chart, "value") == ["6", "5"]
    assert words(chart, "label") == ["1月", "2月", "3月", "4月"]
    assert words(chart, "year") == ["2019年"]
    assert len([p for p in chart.iter("path") if p.get("class") == "bar"]) == 2


def test_months_outside_the_period_are_faint() -> None:
    chart = drawn([Point("1月", 3, "2019年", faint=True), Point("2月", 4, "2019年")])
    assert [p.get("class") for p in chart.iter("path") if p.find("title") is not None] == [
        "bar faint",
        "bar",
    ]


def test_more_points_than_bars_become_a_line_whose_peak_alone_carries_its_number() -> None:
    chart = drawn(months(*range(MOST_BARS + 6)))
    assert chart.find("polyline") is not None
    assert words(chart, "value") == [str(MOST_BARS + 5)]
    assert words(chart, "label") == ["2019年", "2020年", "2021年"]


def test_a_year_that_would_touch_the_next_is_left_out() -> None:
    row = [Point("12月", 1, "2018年"), *months(*range(11))]
    assert words(drawn(row), "year") == ["2019年"]


@pytest.mark.parametrize("points", [[], months(0), months(0, 0), months(5), months(*[0] * 40)])
def test_degenerate_trends_are_still_pictures(points: list[Point]) -> None:
    assert drawn(points).get("role") == "img"


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=240))
def test_nothing_is_drawn_outside_the_picture(values: list[int]) -> None:
    chart = trend(months(*values), description="走势")
    for x, y in re.findall(r'x="([\d.-]+)" y="([\d.-]+)"', chart):
        assert 0 <= float(x) <= WIDTH
        assert 0 <= float(y) <= HEIGHT
    assert "nan" not in chart


def test_labels_cannot_smuggle_markup() -> None:
    chart = trend([Point("<script>", 1, '"><b>')], description='"<x>')
    assert "<script>" not in chart
    assert "<b>" not in chart
    ET.fromstring(chart)  # noqa: S314


@pytest.mark.parametrize(
    ("share", "width"), [(0, "0.0"), (0.5, "50.0"), (1, "100.0"), (7, "100.0")]
)
def test_a_bar_never_outgrows_its_track(share: float, width: str) -> None:
    assert f'class="share-fill" width="{width}"' in share_bar(share)
