"""`figures` and `report` as a user meets them."""

import pytest
from test_bad_input import said

from made_up_run import made_up_run
from tiny import tiny_study


@pytest.fixture
def run(tmp_path):
    return made_up_run(tmp_path / "run", tiny_study(cycles=10)).folder


def test_figures_are_drawn_into_the_run(run, capsys):
    code, printed, error = said(capsys, "figures", run, "--format", "svg", "--only", "circuit")
    assert (code, error) == (0, "")
    assert printed.startswith("Figure 3. The circuit at cycle ")
    assert "3 virtual patients, seed 7, study " in printed
    assert [path.name for path in (run / "figures").iterdir()] == ["figure3_circuit.svg"]


def test_figures_go_where_they_are_asked(run, tmp_path, capsys):
    out = tmp_path / "elsewhere"
    code, _, _ = said(capsys, "figures", run, "--out", out, "--format", "pdf", "--format", "svg",
                      "--only", "twin_differences", "--only", "nfl_proxy_mdd",
                      "--readout", "nfl_proxy")  # fmt: skip
    assert code == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "figure4_twin_differences.pdf", "figure4_twin_differences.svg",
        "figure6_nfl_proxy_mdd.pdf", "figure6_nfl_proxy_mdd.svg",
    ]  # fmt: skip


def test_a_report_is_written(run, tmp_path, capsys):
    code, printed, _ = said(capsys, "report", run)
    assert (code, printed.strip()) == (0, str(run / "report.html"))
    code, printed, _ = said(capsys, "report", run, "--out", tmp_path / "page.html")
    assert (code, printed.strip()) == (0, str(tmp_path / "page.html"))
    assert (tmp_path / "page.html").read_bytes() == (run / "report.html").read_bytes()


@pytest.mark.parametrize("verb", ["figures", "report"])
def test_what_is_no_run_is_one_line(tmp_path, capsys, verb):
    code, printed, error = said(capsys, verb, tmp_path / "none")
    assert (code, printed) == (2, "")
    assert error == (
        f"synaprune: {tmp_path / 'none'}: not a run folder (no readable manifest.json)\n"
    )
    assert not (tmp_path / "none").exists()


def test_an_unknown_format_is_one_line(run, capsys):
    code, _, error = said(capsys, "figures", run, "--format", "svgg")
    assert code == 2
    assert error == (
        "synaprune: unknown format 'svgg'; did you mean 'svg'? allowed: svg, png, pdf, gif\n"
    )
    assert not (run / "figures").exists()
