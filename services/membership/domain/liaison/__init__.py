"""Liaison points (党群联络点), who is on duty there, who came, and who looks after what. Pure."""
