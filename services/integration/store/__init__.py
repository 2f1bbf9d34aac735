"""Integration's own database: tables, and one query file an aggregate. Nothing here commits."""
