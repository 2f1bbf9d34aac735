"""Discharge's own database: tables and one query file an aggregate; nothing here commits."""
