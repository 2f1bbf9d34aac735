"""Maintenance over HTTP: parse, use case, dump."""
