from pathlib import Path

import pytest

from harness.engine.embedded.limits import NEEDED, raise_limits, read_limits, restore_limits

BEFORE = {"max_user_instances": 128, "max_user_watches": 1048576}


@pytest.fixture
def host(tmp_path: Path) -> tuple[Path, Path]:
    """Return a registry and a folder that stands for the kernel's limits, one of them low."""
    registry, limits = tmp_path / "registry", tmp_path / "inotify"
    registry.mkdir()
    limits.mkdir()
    for name, value in BEFORE.items():
        (limits / name).write_text(f"{value}\n")
    return registry, limits


def test_low_limits_are_raised_and_put_back(host: tuple[Path, Path]) -> None:
    """Only what is too low is touched, and what it was comes back when the engine is gone."""
    assert raise_limits(*host) == {"max_user_instances": 128}
    assert read_limits(host[1]) == BEFORE | {"max_user_instances": NEEDED["max_user_instances"]}
    restore_limits(*host)
    assert read_limits(host[1]) == BEFORE


def test_the_last_engine_puts_them_back(host: tuple[Path, Path]) -> None:
    """A second engine does not forget what the first one found, and an engine left keeps them."""
    registry, limits = host
    raise_limits(*host)
    raise_limits(*host)
    (registry / "r2").symlink_to("/nowhere")
    restore_limits(*host)
    assert read_limits(limits)["max_user_instances"] == NEEDED["max_user_instances"]
    (registry / "r2").unlink()
    restore_limits(*host)
    restore_limits(*host)
    assert read_limits(limits) == BEFORE


def test_what_somebody_else_set_meanwhile_stays(host: tuple[Path, Path]) -> None:
    """A limit that is no longer ours is not put back."""
    registry, limits = host
    raise_limits(*host)
    (limits / "max_user_instances").write_text("4096")
    restore_limits(registry, limits)
    assert read_limits(limits)["max_user_instances"] == 4096
