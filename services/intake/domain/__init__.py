"""Intake's values, states and rules: standard library and shared.kernel only."""
