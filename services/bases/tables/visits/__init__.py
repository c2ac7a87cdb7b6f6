"""Visits and what belongs to them: `records`, `occasions`, check-in `codes`, who never came."""
