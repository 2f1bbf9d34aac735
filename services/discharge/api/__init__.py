"""JSON routes of discharge: parse, call a use case, answer."""
