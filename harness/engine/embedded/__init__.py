"""A private dockerd in a network namespace of its own, put away whole."""
