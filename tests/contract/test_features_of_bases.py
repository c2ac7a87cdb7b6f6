"""What booking systems of this field are compared by: each feature and the test that shows it."""

import re
from pathlib import Path

import pytest

from tests import walks

TESTS = Path(__file__).parents[1]
DEFINED = re.compile(r"^(?:async )?def (test_\w+)", re.MULTILINE)

FEATURES = {
    "no overlap, by the database": (
        "test_without_the_lock_the_constraint_still_holds_and_refuses_cleanly",
        "test_looking_before_inserting_books_twice_when_nothing_guards_it",
    ),
    "a concurrency test that passes": (
        "test_of_forty_clients_with_overlapping_hours_exactly_the_free_slots_are_won",
    ),
    "idempotent creation": ("test_identical_requests_at_one_time_have_one_effect_and_one_answer",),
    "capacity under race": (
        "test_a_shared_venue_is_filled_to_the_last_place_and_never_beyond",
        "test_capacity_under_race_forty_clients_never_oversell_the_seats_of_a_session",
    ),
    "rooms and equipment inside a venue": (
        "test_rooms_and_equipment_inside_a_venue_are_registered_changed_and_listed",
    ),
    "buffer, in the range": (
        "test_the_buffer_is_held_behind_the_booking",
        "test_the_buffer_is_kept_free_before_the_next_booking_and_after_the_last",
    ),
    "blackouts": ("test_blackouts_refuse_bookings_that_touch_them_and_no_others",),
    "public holidays": ("test_public_holidays_follow_their_own_hours_where_a_base_states_them",),
    "make-up working days": (
        "test_make_up_working_days_open_a_weekend_where_a_base_states_them",
        "test_a_make_up_working_day_is_no_off_day_and_a_public_holiday_is_one",
    ),
    "off-day booking filed on a working day": ("test_off_day_booking_is_filed_on_a_working_day",),
    "bookable hours by weekday": (
        "test_bookable_hours_by_weekday_let_in_what_lies_within_and_refuse_what_does_not",
    ),
    "approval in two steps": (
        "test_two_step_approval_is_of_two_persons_and_the_second_manages_the_base",
    ),
    "pending holds the slot": ("test_pending_holds_the_slot_until_it_lapses_undecided",),
    "waitlist in order, group size, expiry": (
        "test_the_waitlist_serves_in_order_of_joining_by_group_size_until_offers_expire",
    ),
    "quotas per organisation": (
        "test_quotas_per_organisation_hold_in_a_week_and_are_given_back",
        "test_of_forty_at_once_no_more_than_the_quota_are_booked",
    ),
    "notice and horizon limits": ("test_notice_and_horizon_limits_of_the_base_hold",),
    "series, skip conflicts, edit one": ("test_series_skip_conflicts_and_edit_one",),
    "check-in and check-out": (
        "test_check_in_and_check_out_by_code_with_planned_and_actual_headcount",
    ),
    "no-show kept and counted, waiting time": (
        "test_no_shows_are_kept_and_counted_and_lead_to_a_waiting_time",
        "test_it_counts_for_no_waiting_time_and_is_told_for_its_own_time",
    ),
    "release by the clock": (
        "test_auto_release_frees_the_slot_of_nobody_after_the_time_the_base_states",
    ),
    "four intake channels recorded": (
        "test_each_of_the_four_intake_channels_is_recorded_of_a_booking_and_of_an_entry",
    ),
    "staff on behalf of a caller": (
        "test_staff_book_on_behalf_of_a_phone_caller_whose_name_and_number_are_sealed",
    ),
    "activity menu with run-sheet": (
        "test_an_activity_menu_item_keeps_its_run_sheet_in_every_version",
    ),
    "lecturers without clash": (
        "test_no_lecturer_clash",
        "test_of_forty_clients_after_one_thing_none_gets_what_another_has",
    ),
    "batches and person-times, planned and actual": (
        "test_batch_and_person_times_by_visitor_level_follow_a_correction",
        "test_planned_and_actual_person_times_of_bookings_follow_the_corrected_visit",
    ),
    "visitor level": ("test_a_delegation_of_a_higher_level_is_booked_for",),
    "a visit is organisational life of the branch": (
        "test_a_visit_counts_as_organisational_life_of_every_branch_that_came_along",
    ),
    "a branch that never visited": (
        "test_a_branch_that_never_visited_is_alerted_until_a_visit_is_entered_at_a_base",
        "test_branch_that_never_visited_is_listed_until_it_comes_or_comes_along",
    ),
    "partner museum as base": (
        "test_a_partner_museum_becomes_a_base_of_its_own_with_its_agreement_kept",
    ),
    "reminders and cancel notices": ("test_reminders_and_cancel_notices_reach_those_who_booked",),
    "calendar feed, valid, with cancel": (
        "test_ics_feed_is_valid_with_cancel_and_a_sequence_that_rises",
    ),
    "interface and events": (
        "test_every_committed_booking_is_in_the_figures_and_the_figure_lists_them",
    ),
    "utilisation report": (
        "test_utilisation_report_counts_hours_open_booked_and_used_as_a_count_by_minutes_does",
    ),
    "edit log": ("test_two_step_approval_is_of_two_persons_and_the_second_manages_the_base",),
}


@pytest.fixture(scope="module")
def defined() -> set[str]:
    return {
        name
        for path in TESTS.rglob("test_*.py")
        for name in DEFINED.findall(path.read_text("utf-8"))
    }


@walks.over(FEATURES)
def test_each_feature_has_the_tests_that_show_it(shown_by: tuple[str, ...], defined: set[str]):
    assert set(shown_by) <= defined
