"""Tests of harness, file by file; `fakes` and `topologies` are what they are written with."""
