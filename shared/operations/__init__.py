"""What operators see of the bus and mend on it: one API and one page, the same in all four services."""
