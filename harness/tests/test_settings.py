from pydantic import ValidationError
import pytest

from harness.settings import Settings, Versions


def test_settings_never_change() -> None:
    """What a run was made with is what its record says."""
    with pytest.raises(ValidationError, match="frozen"):
        Settings().mesh_id = "another"  # type: ignore[misc]


def test_a_setting_that_is_not_known_is_refused() -> None:
    """A misspelt key is an error, not a default."""
    with pytest.raises(ValidationError, match="Extra inputs"):
        Settings.model_validate({"mesh": "mesh1"})


def test_settings_survive_json() -> None:
    """The record of a run gives them back as they were."""
    settings = Settings(versions=Versions(istio="1.30.0"), upstream_envoy=True)

    assert settings == Settings.model_validate_json(settings.model_dump_json())
