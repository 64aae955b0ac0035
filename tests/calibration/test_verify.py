"""A verification is of the present values, by the present versions, or it is replaced."""

import json
import shutil
from pathlib import Path

import pytest
from small_calibration import CONSTANTS

from synaprune.calibration.search.asked import with_constants
from synaprune.calibration.space.candidate import Candidate
from synaprune.calibration.space.setting import Setting, paper_setting, setting_of
from synaprune.calibration.verify import verification, verify
from synaprune.engine.simulate import goes_on
from synaprune.errors import InputError
from synaprune.study import ResolvedStudy, Study, library
from tiny import tiny_study


def small(patients: int = 1, **constants: float) -> ResolvedStudy:
    preset = with_constants(library.presets()["from_text"], CONSTANTS | constants)
    return verification(Candidate(preset), tiny_setting(), patients, seed=2)


def tiny_setting() -> Setting:
    return setting_of(tiny_study(), patients=1, seed=1)


def stamps(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in (folder / "blocks").iterdir()}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("done") / "verification"
    verify(small(), folder, workers=1)
    return folder


@pytest.fixture
def there(done: Path, tmp_path: Path) -> Path:
    shutil.copytree(done, tmp_path / "verification")
    return tmp_path / "verification"


def test_the_same_is_gone_on_with(there: Path) -> None:
    before = stamps(there)
    assert goes_on(small(), there)
    verify(small(), there, workers=1)
    assert stamps(there) == before


def test_another_is_replaced(there: Path) -> None:
    other = small(corruption_sd=0.11)
    assert not goes_on(other, there)
    assert not goes_on(small(patients=2), there)
    run, _ = verify(other, there, workers=1)
    assert run.manifest.complete
    assert run.manifest.study_sha256 == other.sha256()
    assert goes_on(other, there)


def test_only_a_run_of_these_versions_is_gone_on_with(there: Path) -> None:
    manifest = there / "manifest.json"
    content = json.loads(manifest.read_text())
    content["versions"]["torch"] = "0.1"
    manifest.write_text(json.dumps(content))
    assert not goes_on(small(), there)
    manifest.write_text("{")
    assert not goes_on(small(), there)
    assert goes_on(small(), there.parent / "none")


STUDY = {"name": "own", "profiles": ["mdd"], "arms": {"late": "ketamine_late"}, "patients": 1,
         "seed": 1}  # fmt: skip

REFUSED = {
    "courses of the paper have 30 cycles (got 14)": {"cycles": 14, "arms": {"untreated": []}},
    "courses of the paper have 30 cycles (got 40)": {"cycles": 40},
    "the study's own arm ketamine_late is not the paper's": {
        "arms": {"ketamine_late": [{"drug": "ketamine", "from": 20}]}
    },
}  # fmt: skip


@pytest.mark.parametrize("why", REFUSED)
def test_what_the_paper_cannot_be_compared_with_is_refused_before_a_search(why: str) -> None:
    candidate = Candidate(library.presets()["from_text"])
    with pytest.raises(InputError) as error:
        verification(candidate, setting_of(Study(**STUDY | REFUSED[why]), 4, 1), 16, seed=2)
    assert str(error.value) == (
        f"verify-patients: {why}; leave the verification out with --verify-patients 0"
    )
    named_alike = Study(**STUDY | {"arms": {"ketamine_late": "ketamine_late"}})
    verification(candidate, setting_of(named_alike, 4, 1), 16, seed=2)


def test_a_preset_without_the_papers_profiles_is_not_verified() -> None:
    whole = library.presets()["from_text"]
    less = [profile for profile in whole.profiles if profile.name != "control"]
    candidate = Candidate(whole.model_copy(update={"profiles": less}))
    with pytest.raises(InputError, match="verify-patients: the preset has no profile control; "):
        verification(candidate, paper_setting(4, 1), 16, seed=2)
