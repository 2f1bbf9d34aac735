"""Each service's own database: declarative base, unit of work, audit, migrations."""
