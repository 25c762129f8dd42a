"""What a run did, written down as it happened: commands, and objects as they were applied.

`transcript.jsonl` is for programs (a runbook is made from it), `transcript.sh` for people: the
same commands with placeholders where paths of this machine stood. Neither holds a secret.
"""

from collections.abc import Mapping, Sequence
import json
import os
from pathlib import Path
import re
import shlex
import threading
import time
from typing import Any

import yaml

from harness.access import Completed, Manifest
from harness.drivers.masking import WITHHELD, holds_secret, masked, masked_argv, redacted

_recorded_environment = ("KUBECONFIG", "KIND_EXPERIMENTAL_PROVIDER")
_bare_word = re.compile(r"[\w@%+=:,./{}$-]+")


class Transcript:
    """The transcript in `folder`; safe to use from several threads.

    Times are seconds since the transcript was begun.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._began = time.monotonic()
        self._lock = threading.Lock()
        self._names: dict[str, str] = {str(folder): "${RUN}"}
        self._files = 0
        (folder / "applied").mkdir(parents=True, exist_ok=True)

    def call(self, value: str, name: str) -> None:
        """Write `${name}` from now on wherever `value` would stand."""
        with self._lock:
            self._names[value] = f"${{{name}}}"

    def ran(
        self,
        done: Completed,
        *,
        where: str,
        env: Mapping[str, str] | None = None,
        stdin: str | None = None,
        ended: str = "",
    ) -> None:
        """Write down a program that just ended; `ended` says who ended it, if not itself."""
        given = stdin
        if stdin and holds_secret(stdin):
            given = WITHHELD
        shown = {name: env[name] for name in _recorded_environment if env and name in env}
        at = round(time.monotonic() - self._began - done.seconds, 3)
        argv = [self._placed(word) for word in masked_argv(done.argv)]
        environment = {name: self._placed(value) for name, value in shown.items()}
        given = given and self._placed(given)
        entry = {
            "kind": "command",
            "at": at,
            "seconds": round(done.seconds, 3),
            "where": where,
            "argv": argv,
            "env": environment,
            "stdin": given,
            "code": done.code,
            "ended": ended,
            "said": "" if done.code == 0 else self._placed(masked(done.stderr.strip()))[-2000:],
        }
        outcome = ended or f"exit {done.code}"
        note = f"# {at:.1f} s, on {where}: {outcome} after {done.seconds:.1f} s"
        self._write(entry, note, _command_line(argv, environment, given))

    def written(self, cluster: str, title: str, manifests: Sequence[Manifest]) -> Path:
        """Write objects to a file and return it; a Secret's values are withheld.

        It is `applied/NNN-<cluster>-<title>.yaml`, numbered in order.
        """
        name = re.sub(r"[^a-z0-9.]+", "-", f"{cluster}-{title}".lower()).strip("-")
        text = yaml.safe_dump_all([redacted(each) for each in manifests], sort_keys=False)
        return self._new_file(name, text)

    def applied(self, cluster: str, title: str, manifests: Sequence[Manifest]) -> Path:
        """Write down that objects were applied to a cluster, and the objects as `written` does."""
        path = self.written(cluster, title, manifests)
        file = str(path.relative_to(self.folder))
        argv = ["kubectl", "apply", "--server-side", "--force-conflicts"]
        argv += ["--field-manager=meshproof", f"--filename={file}"]
        self.did(cluster, argv, file=file, title=title)
        return path

    def did(self, cluster: str, argv: Sequence[str], **more: str) -> None:
        """Write down what was done through a cluster's API, as the kubectl command that does it.

        Its kind is `change`, unless `more` says otherwise.
        """
        place = "--context=${" + placeholder("CTX", cluster) + "}"
        words = [argv[0], place, *(self._placed(word) for word in masked_argv(argv[1:]))]
        at = round(time.monotonic() - self._began, 3)
        entry = {"kind": "change", "at": at, "cluster": cluster, "argv": words, **more}
        self._write(entry, f"# {at:.1f} s, on {cluster}, through its API", _command_line(words))

    def _new_file(self, name: str, text: str) -> Path:
        while True:
            with self._lock:
                self._files += 1
                path = self.folder / "applied" / f"{self._files:03}-{name}.yaml"
            try:
                # another process of the run may have taken the number
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
            except FileExistsError:
                continue
            with os.fdopen(descriptor, "w") as file:
                file.write(text)
            return path

    def _placed(self, text: str) -> str:
        for value in sorted(self._names, key=len, reverse=True):
            text = text.replace(value, self._names[value])
        return text

    def _write(self, entry: Mapping[str, Any], *lines: str) -> None:
        with self._lock:
            for name, text in (
                ("transcript.jsonl", json.dumps(entry)),
                ("transcript.sh", "\n".join(lines) + "\n"),
            ):
                with (self.folder / name).open("a") as file:
                    file.write(text + "\n")


def placeholder(prefix: str, cluster: str) -> str:
    """Return the name of a shell variable for something of a cluster: CTX_CLUSTER1."""
    return f"{prefix}_{re.sub(r'[^A-Z0-9]', '_', cluster.upper())}"


def _command_line(
    argv: Sequence[str], env: Mapping[str, str] | None = None, stdin: str | None = None
) -> str:
    words = [f"{name}={_quoted(value)}" for name, value in (env or {}).items()]
    words += [_quoted(Path(argv[0]).name), *map(_quoted, argv[1:])]
    line = " ".join(words)
    return f"{line} <<'END'\n{stdin.rstrip()}\nEND" if stdin else line


def _quoted(word: str) -> str:
    if "${" not in word:
        return shlex.quote(word)
    return word if _bare_word.fullmatch(word) else '"' + re.sub(r'(["\\`])', r"\\\1", word) + '"'
