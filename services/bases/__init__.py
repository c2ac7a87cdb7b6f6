"""Open organisational-life bases: venues, bookings, visits (开放式组织生活基地)."""

SERVICE = "bases"
