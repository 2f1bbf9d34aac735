"""Maintenance's own database: tables, and queries that never commit."""
