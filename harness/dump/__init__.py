"""What a maintainer wants of a mesh that is red: gathered from all clusters at once, bounded.

`pieces` says what is gathered (data), `ask` asks for one piece, `gather` does it for all of them
within 20 seconds and 50 MB, `redact` takes every secret out of what is written. Nothing here
judges; a piece that cannot be had is a line of the index, never an error.
"""
