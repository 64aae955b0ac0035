"""The published numbers, tolerances and claims as shipped."""

import math
from importlib.resources import files

import pandas as pd
import pytest

from synaprune.paper import claims, published_table2, published_table3, rule_terms
from synaprune.paper.claim import catalogue
from synaprune.paper.claim_checks import CHECKS
from synaprune.paper.dead_network import dead_inside, dead_readouts, dead_within_tolerance
from synaprune.paper.published import in_words, published_value, reference_points
from synaprune.paper.scenarios import ALS_PROFILES, PROFILES, REQUIRED, TREATMENTS, Scenario
from synaprune.paper.tolerance import tolerance
from synaprune.paper.verdicts import VERDICTS


def test_tables_have_the_papers_shape_and_order():
    table2, table3 = published_table2(), published_table3()
    assert table2.shape == (24, 4)
    assert table3.shape == (130, 4)
    assert list(table3.columns) == ["profile", "treatment", "readout", "published"]
    assert table3.iloc[0].tolist() == ["als_standard", "untreated", "accuracy_percent", 24.5]
    assert table3.iloc[-1].tolist() == ["control", "untreated", "motor_integrity_percent", 94.9]
    assert (table2.profile.unique() == ["als_standard", "als_bulbar", "als_limb"]).all()


def test_table2_repeats_table3():
    table2 = published_table2().merge(published_table3(), on=["profile", "treatment", "readout"])
    assert len(table2) == 24
    assert (table2.published_x == table2.published_y).all()


@pytest.mark.parametrize(
    ("scenario", "readout", "value"),
    [
        (("als_standard", "ketamine_maintenance"), "total_sparsity_percent", 87.9),
        (("als_standard", "riluzole_continuous"), "nfl_proxy", 106.4),
        (("als_mdd", "ketamine_every_5"), "nfl_proxy", 63.4),
        (("mdd", "ketamine_every_5"), "accuracy_percent", 46.8),
        (("control", "untreated"), "weakness_score", 0.23),
    ],
)
def test_published_value(scenario, readout, value):
    assert published_value(Scenario(*scenario), readout) == value


def test_published_value_knows_no_other_cell():
    with pytest.raises(KeyError):
        published_value(Scenario("control", "ketamine_every_5"), "nfl_proxy")


def test_a_changed_copy_leaves_the_published_table_alone():
    table = published_table3()
    table.loc[0, "published"] = 0
    assert published_table3().published[0] == 24.5


def test_published_proxy_is_048_accuracy():
    wide = published_table3().pivot(
        index=["profile", "treatment"], columns="readout", values="published"
    )
    assert (wide.alsfrs_r_proxy - 0.48 * wide.accuracy_percent).abs().max() < 0.08


def test_tolerances_by_hand():
    assert tolerance("accuracy_percent", 24.5) == pytest.approx(
        2 * 100 * math.sqrt(0.245 * 0.755 / 400)
    )
    assert tolerance("accuracy_percent", 50) == pytest.approx(5)
    assert tolerance("alsfrs_r_proxy", 24) == pytest.approx(0.48 * 5)
    assert tolerance("nfl_proxy", 1) == 8
    assert tolerance("depression_score", 1) == 1
    for readout in (
        "total_sparsity_percent",
        "respiratory_risk_percent",
        "motor_integrity_percent",
    ):
        assert tolerance(readout, 1) == 2
    for readout in ("weakness_score", "bulbar_score", "fine_motor_score"):
        assert tolerance(readout, 1) == 0.1


def test_every_published_readout_has_a_tolerance():
    for row in published_table3().itertuples():
        assert tolerance(row.readout, row.published) > 0


def test_unknown_tolerance_is_an_error():
    with pytest.raises(KeyError):
        tolerance("fatigue_score", 1)


def test_chance():
    assert reference_points().chance_accuracy_percent == 25
    assert reference_points().chance_proxy == 12


def test_dead_network_readouts_follow_from_three_numbers():
    dead = dead_readouts()
    assert dead["total_sparsity_percent"] == dead["respiratory_risk_percent"] == 96.7
    assert dead["weakness_score"] == dead["bulbar_score"] == dead["fine_motor_score"] == 3.87
    assert (dead["accuracy_percent"], dead["alsfrs_r_proxy"], dead["nfl_proxy"]) == (25, 12, 85)
    assert (dead["depression_score"], dead["motor_integrity_percent"]) == (46.4, 3.3)


def test_dead_network_is_within_tolerance_of_88_of_the_100_als_cells():
    table = published_table3()
    hits = dead_within_tolerance(table)
    als = table.profile.isin(ALS_PROFILES)
    assert als.sum() == 100
    assert hits[als].sum() == 88
    assert hits[table.profile == "control"].sum() == 0


def test_dead_network_in_a_band_up_to_half_a_printed_decimal():
    bands = pd.DataFrame(
        [
            ("total_sparsity_percent", 96.76, 97.0, False),
            ("total_sparsity_percent", 96.74, 97.0, True),
            ("bulbar_score", 3.0, 3.866, True),
            ("bulbar_score", 3.0, 3.864, False),
        ],
        columns=["readout", "lower_95", "upper_95", "inside"],
    )
    assert dead_inside(bands).tolist() == bands.inside.tolist()


def test_claims_are_complete():
    table = claims()
    assert len(table) == 35
    assert table.claim.is_unique
    assert (table.kind == "size").sum() == 22
    assert (table.against != "").sum() == 8
    texts = table.drop(columns=["against", "code"])
    assert table.code[table.code != ""].str.endswith(".").all()
    assert not (texts == "").any().any()
    assert table.statement.str.endswith(".").all()
    assert table.rule.str.endswith(".").all()


def test_every_claim_has_its_check_and_no_other():
    assert list(catalogue()) == claims().claim.tolist()
    assert set(CHECKS) == set(catalogue())


def test_claims_speak_of_known_profiles_and_treatments():
    for column, known in (("profile", PROFILES), ("treatment", TREATMENTS)):
        for text in claims()[column]:
            words = set(text.replace(" and ", " ").split())
            assert words <= {*known, "any", "every", "ALS", "profile"}, text


def test_claim_numbers_are_typed():
    claim = catalogue()["collapse"]
    assert claim.range("accuracy") == (30, 40)
    with pytest.raises(TypeError, match="collapse: accuracy is a range"):
        claim.value("accuracy")
    with pytest.raises(TypeError, match="bulbar_terminal: score is one number"):
        catalogue()["bulbar_terminal"].range("score")


def test_every_verdict_and_phrase_is_explained():
    terms = rule_terms()
    assert set(VERDICTS) < set(terms)
    assert all(meaning.endswith(".") for meaning in terms.values())
    rules = " ".join(claims().rule)
    for phrase in ("cell rule", "twin effect", "in most patients"):
        assert phrase in rules
        assert phrase in terms


def test_required_scenarios():
    assert len(REQUIRED) == len(set(REQUIRED)) == 31
    named = set(published_table3()[["profile", "treatment"]].itertuples(index=False, name=None))
    assert named <= set(REQUIRED)


def test_data_files_name_their_source():
    data = files("synaprune.paper").joinpath("data")
    for file in (each for each in data.iterdir() if not each.name.endswith(".parquet")):
        head = file.read_text(encoding="utf-8")[:600]
        assert head.startswith("#")
        assert "Ngo Cheung" in head
        assert "2026" in head


def test_words():
    assert in_words("alsfrs_r_proxy") == "ALSFRS-R proxy"
    assert in_words("motor_integrity_percent") == "motor integrity"
