"""What travels between the services: one file an event, one envelope, one registry."""
