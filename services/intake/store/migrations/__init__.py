"""Revisions of this database; see shared/store/migrate.py."""
