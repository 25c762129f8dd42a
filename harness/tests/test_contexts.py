from pathlib import Path
import stat

import yaml

from harness import contexts


def kubeconfig(path: Path, name: str) -> Path:
    """Write a kubeconfig as kind does."""
    path.write_text(
        yaml.safe_dump(
            {
                "clusters": [{"name": name, "cluster": {"server": f"https://{name}"}}],
                "users": [{"name": name, "user": {"token": name}}],
                "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
            }
        )
    )
    return path


def test_each_cluster_is_a_context_of_its_own_name(tmp_path: Path) -> None:
    """Whatever kind called it; a cluster that is not up yet is left out."""
    own = {
        "east": kubeconfig(tmp_path / "a", "kind-mp-1-east"),
        "west": kubeconfig(tmp_path / "b", "kind-mp-1-west"),
        "north": tmp_path / "absent",
    }

    path = contexts.write(tmp_path / "private" / "kubeconfig", own)

    content = yaml.safe_load(path.read_text())
    assert "east" == content["current-context"]
    assert ["east", "west"] == [each["name"] for each in content["contexts"]]
    assert {"server": "https://kind-mp-1-west"} == content["clusters"][1]["cluster"]
    assert {"token": "kind-mp-1-west"} == content["users"][1]["user"]


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    """It holds the clients' keys."""
    path = contexts.write(tmp_path / "kubeconfig", {"east": kubeconfig(tmp_path / "a", "east")})

    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
