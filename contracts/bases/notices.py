"""Facts about what visitors are told (通知)."""
