"""Every claim holds in a cohort made to agree, and fails alone when its own numbers are spoilt."""

import pytest
from paper_cohort import Cohort, cohort

from synaprune.paper.claim import catalogue
from synaprune.paper.claim_checks import CHECKS
from synaprune.paper.evidence import Evidence
from synaprune.paper.verdicts import verdict


def verdicts(run: Cohort) -> dict[str, str]:
    evidence = Evidence.of_frames(*run.frames())
    return {
        name: verdict(claim.kind, CHECKS[name](evidence, claim))
        for name, claim in catalogue().items()
    }


def spoil_pretraining(run: Cohort) -> Cohort:
    run.patients = run.patients.assign(pretrain_accuracy_percent=92.7)
    return run


def spoil_flares(run: Cohort) -> Cohort:
    """Put the flares at cycles at which accuracy stays level."""
    run.layers = run.layers.assign(
        flare=(run.layers.layer == "upper_motor") & run.layers.cycle.isin([3, 7, 11])
    )
    return run


def spoil_bulbar_layer(run: Cohort) -> Cohort:
    layers = run.layers
    rows = (layers.profile == "als_bulbar") & (layers.layer == "bulbar") & (layers.cycle <= 5)
    run.layers = layers.assign(sparsity_percent=layers.sparsity_percent.where(~rows, 5.0))
    return run


#: claim: (profile, arm, readout, cycle or first and last cycle, value that contradicts it)
SPOILT = {
    "preclinical_plateau": ("als_standard", "untreated", "accuracy_percent", 3, 93.9),
    "preclinical_sparsity": ("als_standard", "untreated", "total_sparsity_percent", 5, 60.0),
    "collapse": ("als_standard", "untreated", "accuracy_percent", 10, 55.0),
    "terminal_plateau": ("als_standard", "untreated", "accuracy_percent", 25, 34.0),
    "alsfrs_r_span": ("als_standard", "untreated", "alsfrs_r_proxy", 0, 44.0),
    "nfl_rise": ("als_standard", "untreated", "nfl_proxy", slice(0, 29), 72.0),
    "bulbar_terminal": ("als_bulbar", "untreated", "bulbar_score", 29, 3.7),
    "bulbar_respiratory": ("als_bulbar", "untreated", "respiratory_risk_percent", 15, 89.0),
    "limb_first": ("als_limb", "untreated", "weakness_score", slice(0, 5), 0.1),
    "riluzole_delay": (
        "als_standard", "riluzole_continuous", "accuracy_percent", slice(6, 7), 85.0,
    ),
    "riluzole_points": (
        "als_standard", "riluzole_continuous", "alsfrs_r_proxy", slice(0, 14), 46.0,
    ),
    "riluzole_converges": (
        "als_standard", "riluzole_continuous", "total_sparsity_percent", 29, 93.9,
    ),
    "riluzole_nfl_peak": ("als_standard", "riluzole_continuous", "nfl_proxy", slice(0, 29), 90.0),
    "ketamine_every_5_intermediate": (
        "als_standard", "ketamine_every_5", "respiratory_risk_percent", 29, 97.5,
    ),
    "ketamine_early_structure": (
        "als_standard", "ketamine_early", "motor_integrity_percent", slice(2, 10), 40.0,
    ),
    "ketamine_late_symptomatic": (
        "als_standard", "ketamine_late", "accuracy_percent", slice(15, 28), 20.0,
    ),
    "maintenance_best": ("als_limb", "ketamine_maintenance", "alsfrs_r_proxy", 29, 10.0),
    "maintenance_respiratory": (
        "als_standard", "ketamine_maintenance", "respiratory_risk_percent", 29, 91.1,
    ),
    "maintenance_integrity": (
        "als_standard", "ketamine_maintenance", "motor_integrity_percent", 29, 9.0,
    ),
    "maintenance_limb_over_bulbar": (
        "als_bulbar", "ketamine_maintenance", "respiratory_risk_percent", 29, 80.0,
    ),
    "mdd_spares_motor": ("als_limb", "untreated", "total_sparsity_percent", 29, 80.0),
    "mdd_ketamine": ("mdd", "ketamine_every_5", "depression_score", 29, 18.3),
    "control_stable": ("control", "untreated", "accuracy_percent", 12, 94.9),
    "comorbid_prodrome": ("als_mdd", "untreated", "depression_score", 7, 48.0),
    "comorbid_motor_tracks_als": ("als_mdd", "untreated", "fine_motor_score", 29, 3.7),
    "comorbid_dual_benefit": ("als_mdd", "ketamine_every_5", "nfl_proxy", 29, 80.0),
    "cognition": ("mdd", "ketamine_every_5", "cognitive_score", 29, 5.0),
    "nfl_early_suppression": ("als_standard", "ketamine_every_5", "nfl_proxy", slice(5, 14), 90.0),
    "ketamine_delays_respiratory_failure": (
        "als_bulbar", "ketamine_every_5", "respiratory_risk_percent", 8, 91.0,
    ),
    "comorbid_instability": ("als_mdd", "untreated", "nfl_proxy", slice(0, 28), 40.0),
    "mdd_gains_most": ("als_mdd", "ketamine_every_5", "accuracy_percent", 29, 40.0),
    "comorbid_depression_severe": (
        "als_mdd", "untreated", "motor_integrity_percent", slice(0, 6), 20.0,
    ),
}  # fmt: skip

SPOILT_FRAMES = {
    "pretrain_accuracy": spoil_pretraining,
    "flare_steps": spoil_flares,
    "bulbar_first": spoil_bulbar_layer,
}


def test_every_claim_is_spoilt_once():
    assert sorted([*SPOILT, *SPOILT_FRAMES]) == sorted(catalogue())


@pytest.mark.parametrize("patients", [1, 3, 4])
def test_every_claim_holds_in_a_cohort_made_to_agree(patients):
    assert {
        name: word for name, word in verdicts(cohort(patients)).items() if word != "holds"
    } == {}


@pytest.mark.parametrize("claim", list(catalogue()))
def test_spoilt_numbers_fail_their_claim_and_no_other(claim):
    run = cohort(3)
    run = SPOILT_FRAMES[claim](run) if claim in SPOILT_FRAMES else run.set(*SPOILT[claim])
    failed = {name for name, word in verdicts(run).items() if word != "holds"}
    assert failed == {claim}


@pytest.mark.parametrize(
    ("claim", "edit"),
    [
        ("collapse", SPOILT["collapse"]),
        ("riluzole_delay",
         ("als_standard", "riluzole_continuous", "accuracy_percent", slice(0, 14), 95.0)),
        ("maintenance_integrity", SPOILT["maintenance_integrity"]),
        ("mdd_ketamine", SPOILT["mdd_ketamine"]),
        ("nfl_rise", ("als_standard", "untreated", "nfl_proxy", 29, 130.0)),
    ],
)  # fmt: skip
def test_right_direction_of_the_wrong_size(claim, edit):
    assert verdicts(cohort(3).set(*edit))[claim] == "direction_only"


@pytest.mark.parametrize("claim", ["riluzole_delay", "maintenance_respiratory", "control_stable"])
def test_wrong_direction_or_none_stated(claim):
    edits = {
        "riluzole_delay":
            ("als_standard", "riluzole_continuous", "accuracy_percent", slice(0, 29), 50.0),
        "maintenance_respiratory":
            ("als_standard", "ketamine_maintenance", "respiratory_risk_percent", 29, 99.0),
        "control_stable": SPOILT["control_stable"],
    }  # fmt: skip
    assert verdicts(cohort(3).set(*edits[claim]))[claim] == "does_not_hold"


def test_more_parts_can_fail_each_claim_with_several():
    """A second part of a claim counts as much as the first."""
    edits = {
        "bulbar_respiratory": ("als_limb", "untreated", "respiratory_risk_percent", 4, 91.0),
        "limb_first": ("als_limb", "untreated", "weakness_score", 29, 3.7),
        "riluzole_converges": ("als_standard", "untreated", "total_sparsity_percent", 29, 94.0),
        "ketamine_every_5_intermediate":
            ("als_standard", "ketamine_maintenance", "alsfrs_r_proxy", 29, 12.1),
        "maintenance_best": ("als_mdd", "riluzole_early", "alsfrs_r_proxy", 29, 15.0),
        "mdd_spares_motor": ("mdd", "untreated", "total_sparsity_percent", 29, 45.0),
        "cognition": ("als_mdd", "untreated", "cognitive_score", slice(0, 28), 29.0),
        "comorbid_prodrome": ("als_mdd", "untreated", "accuracy_percent", 3, 50.0),
        "comorbid_depression_severe": ("als_mdd", "untreated", "depression_score", 6, 22.0),
        "ketamine_late_symptomatic":
            ("als_standard", "ketamine_late", "total_sparsity_percent", 20, 80.0),
        "nfl_early_suppression":
            ("als_standard", "ketamine_maintenance", "nfl_proxy", slice(5, 14), 65.0),
    }  # fmt: skip
    for claim, edit in edits.items():
        assert verdicts(cohort(3).set(*edit))[claim] != "holds", claim


def test_flares_at_every_cycle_are_not_more_than_chance():
    run = cohort(3)
    run.layers = run.layers.assign(flare=run.layers.layer == "upper_motor")
    assert verdicts(run)["flare_steps"] == "does_not_hold"


def test_smooth_decline_has_no_steps():
    run = cohort(3)
    for cycle in range(30):
        run.set("als_standard", "untreated", "accuracy_percent", cycle, 95.0 - 2.4 * cycle)
    assert verdicts(run)["flare_steps"] == "does_not_hold"
