"""Names the plugins that make pytest a harness of meshes; nothing else."""

pytest_plugins = [
    "fixtures.topology",
    "fixtures.schedule",
    "fixtures.life",
    "fixtures.judge",
    "fixtures.faults",
    "reports.plugin",
]
