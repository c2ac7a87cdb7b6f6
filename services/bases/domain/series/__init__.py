"""Recurring bookings (系列预约) and package bookings (套餐预约).

`recurrence` says when a series is, `model` what was asked for and what came of it, `rules` how long
it may be; `packages` where the parts of a package may be had.
"""
