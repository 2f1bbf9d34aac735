"""What maintenance is about, without any edge: instruments, facts, the plan, escalations."""
