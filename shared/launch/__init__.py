"""How a service is started: settings, migrate, serve, work. The same for all four."""
