"""Facts about what visitors thought (评价)."""
