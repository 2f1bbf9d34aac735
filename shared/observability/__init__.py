"""Logs and metrics: what operations people see, and never a patient."""
