"""Ways a mesh breaks: inject, heal, witness."""
