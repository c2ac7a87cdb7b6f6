"""One function a command: load, decide, record, announce."""
