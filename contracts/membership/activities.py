"""Facts announced about activities."""
