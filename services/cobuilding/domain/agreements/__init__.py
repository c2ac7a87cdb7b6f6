"""Agreements: their terms, their life, their signatures, their amendments."""
