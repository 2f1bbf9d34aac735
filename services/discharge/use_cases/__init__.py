"""One file a verb. Each works inside the caller's transaction and never commits."""
