"""Integration over HTTP: parse, use case, answer. One file a resource."""
