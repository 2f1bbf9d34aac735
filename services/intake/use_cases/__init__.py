"""What people and events make intake do: one file a verb. None of them commits (docs/adr/0003)."""
