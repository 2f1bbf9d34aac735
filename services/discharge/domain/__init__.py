"""Values, states and rules of recovery and going home: standard library and shared.kernel only."""
