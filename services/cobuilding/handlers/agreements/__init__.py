"""Agreements: drafted, signed, in force, over; and what the clock does about them."""
