"""Reading a run: tidy frames, labelled arrays, CSV, and what happens to damage."""

import json

import numpy as np
import pandas as pd
import pytest

import synaprune
from synaprune.errors import InputError
from synaprune.model.circuit import LAYERS
from synaprune.model.quantities import READOUT_NAMES
from synaprune.results.export import export_csv

BRIEF = {"cycles": 2, "patients": 1, "arms": {"untreated": []}}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    from tiny import tiny_study

    return synaprune.run(tiny_study(cycles=4), tmp_path_factory.mktemp("views") / "run", workers=1)


def test_readouts_are_tidy_and_sorted(results):
    frame = results.to_frame()
    assert list(frame) == ["profile", "arm", "patient", "cycle", "month", *READOUT_NAMES]
    assert len(frame) == 2 * 3 * 3 * 4
    keys = list(frame[["profile", "arm", "patient", "cycle"]].itertuples(index=False, name=None))
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)
    assert frame["patient"].min() == 0
    assert frame["cycle"].min() == 0
    months = frame["profile"].map({"als_standard": 1.5, "mdd": 1.0})
    assert np.array_equal(frame["month"], months * frame["cycle"])
    assert not frame.isna().any().any()


def test_the_last_cycle_alone(results):
    frame = results.to_frame()
    last = frame[frame["cycle"] == 3].reset_index(drop=True)
    pd.testing.assert_frame_equal(results.final(), last)


def test_layers_are_tidy(results):
    layers = results.to_frame("layers")
    assert list(layers) == ["profile", "arm", "patient", "cycle", "month", "layer",
                            "sparsity_percent", "aggregate", "noise", "flare"]  # fmt: skip
    assert len(layers) == 8 * len(results.to_frame())
    assert tuple(layers["layer"].head(8)) == LAYERS
    assert layers["flare"].dtype == bool


def test_layers_agree_with_the_readouts(results):
    keys = ["profile", "arm", "patient", "cycle"]
    wide = results.to_frame("layers").pivot(index=keys, columns="layer", values="sparsity_percent")
    frame = results.to_frame().set_index(keys)
    assert np.allclose(frame["weakness_score"], 0.04 * wide.loc[frame.index, "lower_motor"])
    assert np.allclose(
        frame["depression_score"], 0.48 * wide.loc[frame.index, "prefrontal_limbic"]
    )  # fmt: skip


def test_an_unknown_table_is_said(results):
    with pytest.raises(InputError, match="unknown table 'layer'; did you mean 'layers'"):
        results.to_frame("layer")


def test_the_labelled_array_holds_the_same_numbers(results):
    data = results.to_xarray()
    assert dict(data.sizes) == {"profile": 2, "arm": 3, "patient": 3, "cycle": 4, "layer": 8}
    frame = results.to_frame().set_index(["profile", "arm", "patient", "cycle"])
    spot = {"profile": "mdd", "arm": "riluzole", "patient": 2, "cycle": 3}
    assert float(data["nfl_proxy"].sel(spot)) == frame.loc[tuple(spot.values()), "nfl_proxy"]
    assert tuple(data["layer"].values) == LAYERS
    assert data["month"].dims == ("profile", "cycle")
    assert data["month"].sel(profile="als_standard").values.tolist() == [0, 1.5, 3, 4.5]
    assert data["month"].sel(profile="mdd").values.tolist() == [0, 1, 2, 3]
    assert data["nfl_proxy"].attrs["units"] == "arbitrary units"


def test_the_labelled_array_can_be_kept_as_netcdf(results, tmp_path):
    import xarray as xr

    data = results.to_xarray()
    data.to_netcdf(tmp_path / "run.nc", engine="h5netcdf")
    with xr.open_dataset(tmp_path / "run.nc", engine="h5netcdf") as again:
        assert np.array_equal(again["nfl_proxy"].values, data["nfl_proxy"].values)
        assert np.array_equal(again["month"].values, data["month"].values)


def test_a_patient_has_one_row(results):
    patients = results.patients()
    assert list(patients)[:2] == ["patient", "pretrain_accuracy_percent"]
    assert patients["patient"].tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("constants", "column"),
    [
        (
            {"pretraining_steps": 150, "pretraining_learning_rate": 0.03},
            "pretrain_accuracy_percent",
        ),
        ({"heterogeneity": 0.5}, "base_rate_factor/bulbar"),
        ({"vulnerability_heterogeneity": 0.1}, "vulnerability_factor/bulbar"),
    ],
    ids=str,
)
def test_a_patient_who_differs_between_profiles_has_a_row_in_each(
    make_study, tmp_path, constants, column
):
    other = {"name": "another", "like": "als_standard", "constants": constants}
    study = make_study(**(BRIEF | {"patients": 2}), profiles=["als_standard", other])
    run = synaprune.run(study, tmp_path / "run", workers=1)
    patients = run.patients()
    assert list(patients)[:3] == ["profile", "patient", "pretrain_accuracy_percent"]
    rows = list(patients[["profile", "patient"]].itertuples(index=False, name=None))
    assert rows == [(name, n) for name in ("als_standard", "another") for n in (0, 1)]
    wide = patients.pivot(index="patient", columns="profile", values=column)
    assert (wide["als_standard"] != wide["another"]).all()
    export_csv(run, tmp_path / "csv")
    assert len(pd.read_csv(tmp_path / "csv" / "patients.csv")) == 4


def test_csv_reads_back_to_the_same_numbers(results, tmp_path):
    export_csv(results, tmp_path / "csv")
    for name, frame in (("readouts", results.to_frame()), ("layers", results.to_frame("layers")),
                        ("patients", results.patients())):  # fmt: skip
        again = pd.read_csv(tmp_path / "csv" / f"{name}.csv")
        pd.testing.assert_frame_equal(again, frame, check_exact=True, check_dtype=False)


def test_it_shows_itself_in_a_notebook(results):
    shown = results._repr_html_()
    assert "als_standard" in shown
    assert "Chance accuracy is 25 %" in shown
    assert "Research use only, not for clinical decisions." in shown
    assert "6 of 6" not in repr(results)
    assert "seed 7" in repr(results)


def test_a_damaged_block_is_found(make_study, tmp_path):
    run = synaprune.run(make_study(**BRIEF), tmp_path / "run", workers=1)
    block = next((run.folder / "blocks").iterdir())
    content = bytearray(block.read_bytes())
    content[len(content) // 2] ^= 1
    block.write_bytes(content)
    with pytest.raises(InputError, match=r"damaged, its hash is not the one in the manifest"):
        synaprune.load_run(run.folder).to_frame()
    block.unlink()
    with pytest.raises(InputError, match="cannot be read"):
        synaprune.load_run(run.folder).to_frame()


def test_an_unfinished_run_is_read_only_when_asked(make_study, tmp_path):
    run = synaprune.run(make_study(**BRIEF), tmp_path / "run", workers=1)
    path = run.folder / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["blocks"].pop("mdd-00000000.parquet")
    path.write_text(json.dumps(manifest))
    with pytest.raises(InputError, match=r"not complete \(1 of 2 blocks\)"):
        synaprune.load_run(run.folder)
    part = synaprune.load_run(run.folder, partial=True).to_frame()
    assert set(part["profile"]) == {"als_standard"}


def test_what_is_no_run_is_said(tmp_path):
    with pytest.raises(InputError, match="not a run folder"):
        synaprune.load_run(tmp_path)
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(InputError, match="not a manifest that this version can read"):
        synaprune.load_run(tmp_path)
