"""A runtime for Docker that asks for no more than this host can give, then becomes runc.

Written into an engine's folder as an executable file beside its `runtime.json`, it runs under the
system's own Python, apart from meshproof: it imports only what is fast to import, because it runs
before every container and every exec.
"""

import json
import os
import sys


def within_means(process: "dict[str, object]", absent: "set[str]") -> None:
    """Take absent capabilities and a negative oomScoreAdj out of a process, in place.

    Lowering the score below one's own needs CAP_SYS_RESOURCE.
    """
    capabilities = process.get("capabilities")
    if isinstance(capabilities, dict):
        for kind, names in capabilities.items():
            capabilities[kind] = [name for name in names if name not in absent]
    score = process.get("oomScoreAdj")
    if isinstance(score, int) and score < 0 and "CAP_SYS_RESOURCE" in absent:
        process["oomScoreAdj"] = 0


def files_named(arguments: "list[str]") -> "list[str]":
    """Return the files of runc's arguments that describe a process to start."""
    files = []
    words = [word for each in arguments for word in each.split("=", 1)]
    for option, value in zip(words, words[1:] + [""]):  # noqa: B905, RUF005  # old Pythons too
        if option in ("--bundle", "-b"):
            files.append(os.path.join(value, "config.json"))  # noqa: PTH118  # fast to import
        elif option in ("--process", "-p"):
            files.append(value)
    return files


def main() -> None:
    """Rewrite what runc is about to read, then become runc."""
    folder = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120
    with open(os.path.join(folder, "runtime.json")) as file:  # noqa: PTH118, PTH123
        settings = json.load(file)
    for name in files_named(sys.argv[1:]):
        with open(name) as file:  # noqa: PTH123
            content = json.load(file)
        within_means(content.get("process", content), set(settings["absent"]))
        with open(name, "w") as file:  # noqa: PTH123
            json.dump(content, file)
    os.execv(settings["runc"], ["runc", *sys.argv[1:]])  # noqa: S606  # the point of this file


if __name__ == "__main__":
    main()
