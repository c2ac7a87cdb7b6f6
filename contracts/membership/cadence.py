"""Facts announced about what is owed how often."""
