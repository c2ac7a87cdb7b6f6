"""Writes down the published language: JSON Schemas, AsyncAPI, OpenAPI and the event catalogue.

Everything is made from `contracts/*.py` and the services' routes, so that what others read is what
the code does. `python -m ops.contracts` writes, `--check` compares, `--release` keeps the schemas
as those that every later change must stay compatible with.
"""
