"""Facts about the waiting list (候补)."""
