"""Test ids as sentences: `…/test_traffic.py::test_sleep_is_answered[mesh/cluster1/cluster2]`."""


def sentence(test: str) -> str:
    """Return what the test says, and of what: `sleep is answered (cluster1, cluster2)`."""
    _, _, name = test.partition("::")
    if not name:
        return test
    function, _, parameters = name.partition("[")
    words = function.removeprefix("test_").replace("_", " ")
    about = ", ".join(parameters.removesuffix("]").split("/")[1:])
    return f"{words} ({about})" if about else words


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
