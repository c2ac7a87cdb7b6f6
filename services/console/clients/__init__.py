"""Typed clients of the public HTTP interfaces the pages are made from."""
