"""Numbers and decisions, pure: one rule a module, each with its source in docs/clinical."""
