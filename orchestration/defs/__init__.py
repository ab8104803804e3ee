"""Dagster's declarations. Every body is a few calls; what they do lives one folder up."""
