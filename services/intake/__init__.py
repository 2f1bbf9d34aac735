"""Intake: see README.md for what it owns, publishes and consumes."""
