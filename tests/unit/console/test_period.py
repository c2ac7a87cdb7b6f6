"""Periods: presets, free dates, their names, and what a trend shows."""

from datetime import date

import pytest

from services.console.period import (
    EARLIEST,
    Period,
    PeriodInvalid,
    Preset,
    chosen_period,
    preset_period,
    recognised,
)

TODAY = date(2026, 2, 14)


@pytest.mark.parametrize(
    ("preset", "first", "last"),
    [
        (Preset.THIS_YEAR, "2026-01-01", "2026-12-31"),
        (Preset.LAST_YEAR, "2025-01-01", "2025-12-31"),
        (Preset.THIS_MONTH, "2026-02-01", "2026-02-28"),
        (Preset.SINCE_BUILT, "2019-06-10", "2026-02-14"),
    ],
)
def test_presets_are_whole_and_end_included(preset: Preset, first: str, last: str) -> None:
    period = preset_period(preset, TODAY, date(2019, 6, 10))
    assert period.query == {"from": first, "to": last}
    assert period.preset is preset


def test_without_a_known_beginning_everything_counts() -> None:
    assert preset_period(Preset.SINCE_BUILT, TODAY, None).first == EARLIEST


@pytest.mark.parametrize(
    ("first", "last", "label"),
    [
        ("2019-01-01", "2019-12-31", "2019年"),
        ("2019-01-01", "2020-12-31", "2019年至2020年"),
        ("2024-02-01", "2024-02-29", "2024年2月"),
        ("2023-02-01", "2023-02-28", "2023年2月"),
        ("2025-12-01", "2026-11-30", "2025年12月至2026年11月"),
        ("2019-06-08", "2019-06-08", "2019年6月8日"),
        ("2019-06-08", "2019-06-30", "2019年6月8日至2019年6月30日"),
    ],
)
def test_a_period_is_named_as_briefly_as_it_is_clear(first: str, last: str, label: str) -> None:
    assert chosen_period(first, last).label == label


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("", "2019-01-01"),
        ("2019-13-01", "2019-12-31"),
        ("x", "y"),
        ("1999-12-31", "2019-01-01"),
        ("2019-05-02", "2019-05-01"),
    ],
)
def test_impossible_periods_are_refused_in_chinese(first: str, last: str) -> None:
    with pytest.raises(PeriodInvalid) as refusal:
        chosen_period(first, last)
    assert refusal.value.zh
    assert "日期" in refusal.value.zh


def test_dates_that_are_a_preset_are_recognised_as_it() -> None:
    assert recognised(chosen_period("2025-01-01", "2025-12-31"), TODAY).preset is Preset.LAST_YEAR
    assert recognised(chosen_period("2019-01-01", "2019-12-31"), TODAY).preset is Preset.CHOSEN


def test_a_short_period_has_its_trend_in_a_year_that_ends_with_it() -> None:
    shown = chosen_period("2026-01-01", "2026-01-31").trend
    assert (shown.first, shown.last) == (date(2025, 2, 1), date(2026, 1, 31))


def test_a_trend_is_never_longer_than_the_projector_splits_into_months() -> None:
    shown = Period(EARLIEST, TODAY).trend
    assert shown.months == 240
    assert shown.last == TODAY


def test_a_year_is_its_own_trend() -> None:
    year = preset_period(Preset.THIS_YEAR, TODAY, None)
    assert year.trend is year
    assert year.has_month("2026-01")
    assert not year.has_month("2025-12")
