"""Tests of the reports, on records written by hand and on pytest itself."""
