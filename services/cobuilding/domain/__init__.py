"""Rules: pure functions of state and command."""
