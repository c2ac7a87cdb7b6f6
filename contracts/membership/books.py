"""Facts announced about the organisations' books."""
