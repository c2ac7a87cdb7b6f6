"""Visits and what belongs to them: `occasions`, check-in `codes`, who never came."""
