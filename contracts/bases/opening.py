"""Facts about opening hours and closures (开放时间)."""
