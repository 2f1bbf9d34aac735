"""JSON blueprints, one file a resource; shapes in schemas.py."""
