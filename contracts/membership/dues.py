"""Facts announced about dues."""
