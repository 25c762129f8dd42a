"""The words of meshproof: what a mesh is, how it is built, seen and judged.

Nouns: a `Topology` is clusters and how they are joined (data). A `Plan` is a graph of `Step`s, each
one change to one cluster. A `Provider` makes clusters inside an `Engine`; a `Mesh` is a topology
with a way into each live cluster. Probes return `Observation`s, checks turn them into `Verdict`s, a
`Fault` breaks a mesh and heals it, `Record`s in the `Journal` keep all of it.

A run, in numbered phases:

1. `run` chooses an engine and images (`engine.choose`), and says what is missing
   (`engine.preflight`).
2. Tools and images are built once (`engine.stack`) or found; the engine starts.
3. `plan` turns a topology and address ranges into a graph of steps.
4. `perform` performs it, side by side where it may, and keeps timings and causes.
5. Probes look, checks judge, `patience` waits between looks until the mesh has settled; what is
   first red about a mesh leaves a `dump` of it.
6. Faults are injected, must turn the right claims red, and are healed.
7. Clusters and engine are put away; `reports` renders what was recorded.

Nothing in here knows pytest: `fixtures` gives these words their life in it.
"""
