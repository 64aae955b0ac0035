"""Files of figures: complete, the same bytes every time, and no traces left behind."""

import subprocess
import sys
from io import BytesIO

import matplotlib as mpl
import pytest
from PIL import Image

import synaprune
from made_up_run import made_up_paper_run
from synaprune.errors import InputError
from synaprune.figures import draw, fitting

PAPERS = ["functional_decline", "neurofilament", "bulbar_onset", "respiratory_risk", "cognition",
          "circuit", "twin_differences", "rank_map"]  # fmt: skip


@pytest.fixture(scope="module")
def drawn(paper_run, tmp_path_factory):
    return draw(paper_run, tmp_path_factory.mktemp("drawn"))


def test_the_paper_gets_its_five_figures_and_three_more(drawn):
    assert [figure.name for figure in drawn] == PAPERS
    for number, figure in enumerate(drawn, start=1):
        assert figure.title.startswith(f"Figure {number}. ")
        endings = [".svg", ".png", ".pdf", *([".gif"] if figure.name == "circuit" else [])]
        assert [file.name for file in figure.files] == [
            f"figure{number}_{figure.name}{ending}" for ending in endings
        ]
        assert all(file.stat().st_size > 1000 for file in figure.files)


def test_captions_carry_their_origin(drawn, paper_run):
    for figure in drawn:
        assert figure.caption.endswith(
            f" 5 virtual patients, seed 7, study {paper_run.manifest.study_sha256[:8]}."
        )
        assert "  " not in figure.caption


def test_files_are_the_same_every_time(drawn, paper_run, tmp_path):
    only = ("functional_decline", "circuit")
    for again in draw(paper_run, tmp_path, only=only):
        first = next(figure for figure in drawn if figure.name == again.name)
        for one, two in zip(first.files, again.files, strict=True):
            assert one.read_bytes() == two.read_bytes(), one.name


def test_settings_of_the_user_change_nothing(drawn, paper_run, tmp_path):
    (tmp_path / "matplotlibrc").write_text("font.size: 20\nlines.linewidth: 9\n")
    code = (
        "import sys, synaprune; from synaprune.figures import draw; import matplotlib\n"
        "before = matplotlib.rcParams.copy()\n"
        f"draw(synaprune.load_run({str(paper_run.folder)!r}), {str(tmp_path)!r}, ('svg', 'pdf'),"
        " only=('cognition',))\n"
        "assert matplotlib.rcParams['font.size'] == 20\n"
        "assert matplotlib.rcParams.copy() == before\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
        "assert 'torch' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, cwd=tmp_path)
    for name in ("figure5_cognition.svg", "figure5_cognition.pdf"):
        first = next(file for figure in drawn for file in figure.files if file.name == name)
        assert (tmp_path / name).read_bytes() == first.read_bytes()


def test_titles_are_text_and_no_formulas(make_run, tmp_path):
    title = r"Costs $x^{2$ (a \ b)"
    run = make_run(profiles=[{"name": "odd", "title": title, "like": "als_standard"}])
    figures = draw(run, tmp_path / "figures", ("svg", "png", "pdf"))
    assert figures
    assert all(file.stat().st_size > 1000 for figure in figures for file in figure.files)


def test_drawing_changes_no_setting(own_run, tmp_path):
    before = mpl.rcParams.copy()
    draw(own_run, tmp_path, ("svg",), only=("twin_differences",))
    assert mpl.rcParams.copy() == before


def test_files_hold_neither_time_nor_place(drawn):
    for figure in drawn:
        for file in figure.files:
            content = file.read_bytes()
            for word in (b"CreationDate", b"<dc:date", b"tIME", str(file.parent).encode()):
                assert word not in content, (file.name, word)


def test_pictures_have_print_size(drawn):
    for figure in drawn:
        with Image.open(BytesIO(figure.files[1].read_bytes())) as image:
            assert image.width == round(175 / 25.4 * 200 - 0.5)


def test_the_circuit_moves(drawn):
    (moving,) = [file for figure in drawn for file in figure.files if file.suffix == ".gif"]
    assert moving.stat().st_size < 2_000_000
    with Image.open(BytesIO(moving.read_bytes())) as image:
        assert image.n_frames == 30
        assert image.info["loop"] == 0


def test_an_own_study_gets_what_fits(own_run, tmp_path):
    drawn = draw(own_run, tmp_path, ("svg",), readouts=("accuracy_percent",))
    assert [figure.name for figure in drawn] == [
        "course_als_standard", "course_mild_form", "circuit", "twin_differences",
        "accuracy_percent_als_standard", "accuracy_percent_mild_form",
    ]  # fmt: skip
    assert "Mild form" in drawn[1].title


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"patients": 1, "cycles": 1, "arms": {"once": [{"drug": "ketamine"}]}}, ["circuit"]),
        ({"arms": {"a": "ketamine_late", "b": "riluzole_early"}}, ["circuit"]),
        ({"arms": {"none": [], "same": []}, "cycles": 2}, ["circuit", "twin_differences"]),
    ],
)
def test_unusual_studies_can_be_drawn(make_run, tmp_path, changes, names):
    drawn = draw(make_run(**changes), tmp_path / "out", ("svg",))
    assert [figure.name for figure in drawn[2:]] == names


def test_other_doses_under_the_papers_names_are_not_the_papers(make_run):
    from synaprune.figures import Material
    from synaprune.study import library

    arms = {name: name for name in library.treatments()} | {"ketamine_late": []}
    own = make_run(profiles=list(library.profiles()), arms=arms, patients=2)
    assert Material.of_run(own).comparison is None


def test_treatments_are_those_of_the_preset_of_the_run(tmp_path, material):
    from synaprune.figures import Material

    text = Material.of_run(made_up_paper_run(tmp_path / "run", patients=1, preset="from_text"))
    assert text.arms["ketamine_early"] != material.arms["ketamine_early"]
    assert text.comparison is not None
    assert text.looks == material.looks
    assert text.arm_titles == material.arm_titles


def test_mistakes_are_one_line(paper_run, own, tmp_path):
    for given, line in (
        ({"formats": ("tiff",)}, "unknown format 'tiff'; allowed: svg, png, pdf, gif"),
        ({"formats": ("pgn",)}, "unknown format 'pgn'; did you mean 'png'? "
                                "allowed: svg, png, pdf, gif"),
    ):  # fmt: skip
        with pytest.raises(InputError) as error:
            draw(paper_run, tmp_path, **given)
        assert str(error.value) == line
    with pytest.raises(InputError, match=r"^unknown figure 'cicuit'; did you mean 'circuit'\? al"):
        draw(paper_run, tmp_path, only=("cicuit",))
    with pytest.raises(InputError, match=r"^unknown readout 'nfl_prox'; did you mean 'nfl_proxy'"):
        fitting(own, ["nfl_prox"])
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="file: cannot be written"):
        draw(paper_run, tmp_path / "file", ("svg",), only=("cognition",))


def test_a_damaged_study_is_one_line(make_run):
    run = make_run()
    path = run.folder / "resolved.yaml"
    for content, said in ((b"[1, 2", "damaged, not YAML"), (b"a: 1", "damaged, has no arms")):
        path.write_bytes(content)
        with pytest.raises(InputError, match=said):
            draw(synaprune.load_run(run.folder), run.folder / "figures")
    path.unlink()
    with pytest.raises(InputError, match=r"resolved\.yaml: cannot be read"):
        draw(synaprune.load_run(run.folder), run.folder / "figures")
