"""Liaison points, rotas, duties, visits and zones as rows."""
