"""Codes of liaison points and rotas."""
