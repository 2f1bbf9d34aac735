"""What people type: one file a command. Talks HTTP to the services; in no image."""
