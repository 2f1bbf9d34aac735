"""Afterglow's own services as programs of the bench: each prints one line of JSON when it is done."""
