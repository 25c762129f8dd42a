"""Who makes clusters: kind, or the user."""
