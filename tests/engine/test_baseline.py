"""A pinned run of each preset: numbers that change only with NUMERICS_VERSION.

Double precision and a tiny circuit, so that rounding differs between machines by far less than the
tolerance; each number stands beside the invariants of the other tests.
"""

import pytest

from synaprune.engine.simulate import run
from synaprune.model.constants import NUMERICS_VERSION
from synaprune.model.quantities import READOUT_NAMES


@pytest.mark.parametrize("preset", ["published", "from_text"])
def test_final_readouts(make_study, tmp_path, num_regression, preset):
    assert NUMERICS_VERSION == 4
    profiles = ["als_standard", "mdd", "control"]
    study = make_study(precision="float64", profiles=profiles, preset=preset)
    frame = run(study, tmp_path / "run", workers=1).to_frame()
    final = frame[frame["cycle"] == 29]
    num_regression.check(
        {name: final[name].to_numpy() for name in READOUT_NAMES},
        basename=preset,
        default_tolerance={"rtol": 1e-6, "atol": 1e-9},
    )
