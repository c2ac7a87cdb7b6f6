"""Commands of liaison points and duties: load, decide, record, announce."""
