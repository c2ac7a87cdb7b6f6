"""The published language: every event a service announces, who may do what, and nothing else."""
