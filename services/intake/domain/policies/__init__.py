"""Numbers and decisions, pure: one rule a file, each with its source in docs/clinical."""
