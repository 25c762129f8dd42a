"""Questions asked of a mesh: each returns observations, asserts nothing, changes nothing."""
