"""Time, decisions, errors, ids, sites and people: standard library only."""
