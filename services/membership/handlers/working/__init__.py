"""Commands of working members: load, decide, record, announce."""
