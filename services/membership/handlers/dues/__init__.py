"""Commands of dues, and what the clock does to them: load, decide, record, announce."""
