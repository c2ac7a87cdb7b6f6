"""Liaison points, rotas, duties, visits and grids as rows."""
