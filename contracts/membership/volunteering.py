"""Facts announced about volunteering."""
