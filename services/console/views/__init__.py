"""View models: pure functions from what services answered to what a template shows."""
