"""Names the plugins that make pytest a harness of meshes; nothing else."""

# a plugin stands before those that import it, or its asserts could not be rewritten
pytest_plugins = [
    "reports.plugin",
    "pytester",
    "fixtures.topology",
    "fixtures.schedule",
    "fixtures.actions",
    "fixtures.axes",
    "fixtures.dump",
    "fixtures.life",
    "fixtures.mesh",
    "fixtures.inapplicable",
    "fixtures.judge",
    "fixtures.faults",
    "fixtures.clean_up",
    "fixtures.names",
]
