"""The documents' order against meshproof's, on the same images and in the same engine.

`sequence` says what a phase of commands is, `documents` lists those of primary-remote as they
stand in the document, `one_by_one` runs them; `ours` performs meshproof's plan; `account` compares.

Both sides install the same versions with the same values from the same images, in one engine.
"""
