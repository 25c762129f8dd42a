from pathlib import Path
import shutil

import pytest

from harness.drivers.node import DockerNode
from harness.drivers.shell import LocalShell
from harness.errors import UnreachableError


@pytest.fixture
def node(tmp_path: Path) -> DockerNode:
    """A node whose `docker` is a stand-in: it runs on this machine what it is told to exec.

    `daemon-is-gone` in its folder makes it fail as Docker does, programs in its `node` folder
    come first on the node.
    """
    (tmp_path / "node").mkdir()
    docker = tmp_path / "docker"
    docker.write_text(f"""#!/bin/bash
[ -e {tmp_path}/daemon-is-gone ] && {{ echo "Cannot connect to the Docker daemon" >&2; exit 1; }}
[ "$2" = lost ] && {{ echo "Error: No such container: lost" >&2; exit 1; }}
if [ "$1" = inspect ]; then
  echo '[{{"NetworkSettings": {{"Networks": {{"kind": {{"IPAddress": "172.18.0.2"}}}}}}}}]'
else
  shift 2; PATH={tmp_path}/node:$PATH exec "$@"
fi
""")
    docker.chmod(0o755)
    shell = LocalShell(environment={"PATH": f"{tmp_path}:/usr/bin:/bin:/usr/sbin:/sbin"})
    return DockerNode("one", shell)


def _program(tmp_path: Path, name: str, script: str) -> None:
    path = tmp_path / "node" / name
    path.write_text(f"#!/bin/bash\n{script}\n")
    path.chmod(0o755)


def test_a_program_on_the_node_gives_its_code(node: DockerNode) -> None:
    """Run returns what the program printed and its exit code."""
    done = node.run("sh", "-c", "echo here; exit 3")
    assert (done.code, done.stdout) == (3, "here\n")


def test_a_program_on_the_node_is_ended_there(node: DockerNode) -> None:
    """A program past its time is ended on the node itself and returns 124."""
    assert node.run("sleep", "30", timeout=1).code == 124


def test_the_address_is_that_on_the_container_network(node: DockerNode) -> None:
    """The address comes from the network kind, and no other."""
    assert node.address == "172.18.0.2"


def test_dockers_refusal_is_not_the_nodes_answer(node: DockerNode, tmp_path: Path) -> None:
    """Where Docker or the container is gone nothing is known: not 'it does not run'."""
    (tmp_path / "daemon-is-gone").touch()
    with pytest.raises(UnreachableError, match="Cannot connect to the Docker daemon"):
        node.service_is_running("kubelet")
    with pytest.raises(UnreachableError):
        node.connects("127.0.0.1", 1)
    with pytest.raises(UnreachableError):
        _ = node.address


def test_a_lost_container_is_unreachable(node: DockerNode) -> None:
    """A container that is not there is not looked at."""
    lost = DockerNode("lost", node._shell)
    with pytest.raises(UnreachableError, match="No such container"):
        lost.run("true")


def test_a_service_is_asked_of_systemd(node: DockerNode, tmp_path: Path) -> None:
    """Testinfra's service takes systemd's word, through our Docker."""
    _program(tmp_path, "test", "exit 0")  # as if /run/systemd/system were there
    _program(tmp_path, "systemctl", '[ "$1 $2" = "is-active kubelet" ] || exit 3')
    assert shutil.which("uname")
    assert node.service_is_running("kubelet")
    assert not node.service_is_running("containerd")


def test_the_next_hop_is_that_of_exactly_this_network(node: DockerNode, tmp_path: Path) -> None:
    """A route's gateway is returned; no route and one without a gateway are empty."""
    _program(
        tmp_path,
        "ip",
        """case "${@: -1}" in
10.20.0.0/16) echo '[{"dst":"10.20.0.0/16","gateway":"172.18.0.3","dev":"eth0"}]';;
172.18.0.0/16) echo '[{"dst":"172.18.0.0/16","dev":"eth0"}]';;
*) echo '[]';; esac""",
    )
    assert node.route_to("10.20.0.0/16") == "172.18.0.3"
    assert node.route_to("172.18.0.0/16") == ""
    assert node.route_to("10.30.0.0/16") == ""


def test_a_connection_is_accepted_or_not(node: DockerNode) -> None:
    """A port that nobody listens on does not connect."""
    assert not node.connects("127.0.0.1", 1)
