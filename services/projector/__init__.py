"""Everything that is counted: figures and summaries out of the other services' events (投影)."""
