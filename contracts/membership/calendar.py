"""Facts announced about the working calendar."""
