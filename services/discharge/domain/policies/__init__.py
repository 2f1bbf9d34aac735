"""Numbers and decisions, pure: one file a rule, each with its source in docs/clinical/."""
