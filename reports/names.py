"""Test ids as sentences: `…/test_traffic.py::test_sleep_is_answered[mesh/cluster1/cluster2]`."""


def sentence(test: str) -> str:
    """Return what the test says, and of what: `sleep is answered (cluster1, cluster2)`."""
    said, of = words(test), about(test)
    return f"{said} ({of})" if of else said


def words(test: str) -> str:
    """Return what the test says: `sleep is answered`."""
    _, _, name = test.partition("::")
    function, _, _ = name.partition("[")
    return function.removeprefix("test_").replace("_", " ") or test


def about(test: str) -> str:
    """Return of what the test says it, but for the topology: `cluster1, cluster2`, or nothing."""
    _, _, name = test.partition("::")
    _, _, parameters = name.partition("[")
    return ", ".join(parameters.removesuffix("]").split("/")[1:])


def topology_in(test: str, known: tuple[str, ...]) -> str:
    """Return the topology that the id names (`[topology/...]`), or an empty string."""
    _, _, parameters = test.partition("[")
    first = parameters.removesuffix("]").split("/", maxsplit=1)[0]
    if first in known:
        return first
    longest_first = sorted(known, key=len, reverse=True)
    return next((name for name in longest_first if name in parameters), "")


def group(test: str) -> str:
    """Return what the test's file is about: `test_control_plane.py` is control plane."""
    path, _, _ = test.partition("::")
    module = path.rsplit("/", maxsplit=1)[-1].removesuffix(".py")
    words = module.removeprefix("test_").replace("_", " ")
    return "DNS" if words == "dns" else words
