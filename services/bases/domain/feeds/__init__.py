"""Calendars of bases, venues, organisations and lecturers, and the keys that open them.

`items` is what stands in a calendar, `ics` writes it, `keys` decides who may read it without a
token, `terms` holds the numbers. Nothing here announces an event: a key concerns its maker alone.
"""
