"""The database server's fixtures."""

from tests.support.containers import postgres_database, postgres_url

__all__ = ["postgres_database", "postgres_url"]
