"""Codes of working members, posts and claims."""
