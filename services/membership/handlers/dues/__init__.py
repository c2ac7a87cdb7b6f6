"""Commands of dues: load, decide, record, announce; `clock` holds what nobody commands."""
