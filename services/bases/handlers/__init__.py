"""One function a command: load, decide, record, announce. No rules and no protocol here."""
