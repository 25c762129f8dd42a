"""Properties are tried on the same examples each time: a red test is red for everyone."""

from hypothesis import settings

settings.register_profile(
    "same-each-time", derandomize=True, deadline=None, database=None, max_examples=60
)
settings.load_profile("same-each-time")
