"""The published network as shipped: complete, plausible, and what Tables 2 and 3 print."""

import numpy as np
import pytest

from synaprune.model.circuit import LAYERS
from synaprune.model.quantities import READOUT_NAMES
from synaprune.paper import published_network, published_table2, published_table3
from synaprune.paper.published import printed_decimals
from synaprune.paper.published_network import published_course, published_evidence
from synaprune.paper.scenarios import PROFILES, SCENARIOS


def test_it_has_the_frames_of_a_run_with_one_patient():
    readouts, layers, patients = published_network()
    scenarios = readouts[["profile", "arm"]].drop_duplicates().itertuples(index=False, name=None)
    assert set(scenarios) == set(SCENARIOS)
    assert list(readouts) == ["profile", "arm", "patient", "cycle", "month", *READOUT_NAMES]
    assert list(layers.columns[5:]) == ["layer", "sparsity_percent", "aggregate", "noise", "flare"]
    assert set(layers.layer) == set(LAYERS)
    assert (len(readouts), len(layers), len(patients)) == (42 * 30, 42 * 30 * 8, 1)
    assert patients.pretrain_accuracy_percent.tolist() == pytest.approx([95.75], abs=1e-4)
    assert not readouts.isna().any().any()
    assert not layers.isna().any().any()


def test_layers_are_laid_out_with_their_own_numbers():
    readouts, layers, _ = published_network()
    lower = layers[layers.layer == "lower_motor"].reset_index(drop=True)
    assert np.allclose(lower.sparsity_percent, 25 * readouts.weakness_score)
    assert (lower.profile == readouts.profile).all()
    assert (lower.cycle == readouts.cycle).all()


def test_months_belong_to_the_profile():
    readouts, _, _ = published_network()
    months = (readouts.month / readouts.cycle.where(readouts.cycle > 0)).groupby(readouts.profile)
    assert months.nunique().eq(1).all()
    assert months.first().to_dict() == {name: 1.0 if name == "mdd" else 1.5 for name in PROFILES}


@pytest.mark.parametrize("table", [published_table2, published_table3])
def test_it_prints_every_number_of_the_papers_tables(table):
    for row in table().itertuples():
        value = published_course(row.profile, row.treatment, row.readout)[-1]
        places = printed_decimals(row.readout)
        assert f"{value:.{places}f}" == f"{row.published:.{places}f}", row


def test_unknown_scenarios_and_columns():
    with pytest.raises(KeyError, match="mdd, ketamine"):
        published_course("mdd", "ketamine", "nfl_proxy")
    with pytest.raises(KeyError):
        published_course("mdd", "untreated", "nfl")


def test_its_evidence_is_one_patient():
    evidence = published_evidence()
    assert evidence.n == 1
    assert evidence.scenarios == SCENARIOS
    assert set(evidence.layers("mdd", "untreated")) == set(LAYERS)
