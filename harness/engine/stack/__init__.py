"""Tools and images built once from package registries, cached by what went in."""
