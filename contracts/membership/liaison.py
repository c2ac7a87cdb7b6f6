"""Facts announced about liaison points and rotas."""
