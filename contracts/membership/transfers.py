"""Facts announced about transfers of membership."""
