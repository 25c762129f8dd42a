"""One tool each: argv, JSON and exit codes; never a cluster's role."""
