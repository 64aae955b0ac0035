"""`synaprune replay`: run the published network itself, and compare digits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import rich_click as click

from synaprune.errors import InputError, nearest

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray
    from rich.console import Console
    from rich.table import Table

    from synaprune.paper.printed import Printed

    Columns: TypeAlias = dict[str, NDArray[np.float64]]

_COLUMNS = (
    ("cycle", "cycle", 0),
    ("month", "month", 1),
    ("accuracy_percent", "accu-\nracy %", 1),
    ("total_sparsity_percent", "spars-\nity %", 1),
    ("alsfrs_r_proxy", "ALSFRS\nproxy", 1),
    ("nfl_proxy", "NfL\nproxy", 1),
    ("depression_score", "depres-\nsion", 1),
    ("respiratory_risk_percent", "resp.\nrisk %", 1),
    ("drug_level", "drug\nlevel", 2),
    ("flare", "flare", 0),
)


@click.command()
@click.argument("scenarios", metavar="[PROFILE:TREATMENT]...", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All 42 scenarios, not the 13 of Table 3.")
@click.option("--seed", type=int, metavar="N",
              help="Run a sibling of the published network, whose seed is 42.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path),
              help="Write courses.csv and final.csv, unrounded, to this folder.")  # fmt: skip
@click.option("--against", type=click.Path(path_type=Path),
              help="Compare with the printed numbers in published_courses.csv and "
              "published_final.csv of this folder.")  # fmt: skip
def replay(
    scenarios: tuple[str, ...],
    every: bool,
    seed: int | None,
    out: Path | None,
    against: Path | None,
) -> None:
    """Run the published network, draw by draw, beside the paper's tables."""
    from rich.console import Console

    from synaprune.engine import reference
    from synaprune.paper.printed import compare_printed, read_printed, replayed
    from synaprune.results.folder import check_writable

    names = _scenarios(scenarios, every)
    seed = reference.PUBLISHED_SEED if seed is None else seed
    if not 0 <= seed <= reference.GREATEST_SEED:
        raise InputError(f"--seed: must be 0 to {reference.GREATEST_SEED} (got {seed})")
    printed = read_printed(against, names) if against else None
    if out is not None:
        check_writable(out)
    console = Console(highlight=False)
    _show_processor(console)
    courses = {}
    for profile, treatment, course in reference.replay(names, seed):
        columns = courses[profile, treatment] = course.columns()
        _show_course(f"{profile}:{treatment}, seed {seed}", columns, console)
        if seed == reference.PUBLISHED_SEED:
            _show_paper(profile, treatment, columns, console)
    here = replayed(courses)
    if out is not None:
        _write(here, out, console)
    if printed is not None:
        _show_digits(compare_printed(printed, here), console)


def _scenarios(words: tuple[str, ...], every: bool) -> list[tuple[str, str]]:
    """Read the scenarios that are named, each once; by default those of Table 3."""
    from synaprune.paper import published_table3
    from synaprune.paper.scenarios import PROFILES, TREATMENTS

    if words and every:
        raise InputError("--all and single scenarios exclude each other")
    if every:
        return [(profile, treatment) for profile in PROFILES for treatment in TREATMENTS]
    if not words:
        table = published_table3()[["profile", "treatment"]].drop_duplicates()
        return [(profile, treatment) for profile, treatment in table.itertuples(index=False)]
    pairs = []
    for word in words:
        profile, colon, treatment = word.partition(":")
        if not colon:
            raise InputError(f"{word!r}: must be PROFILE:TREATMENT, such as als_mdd:untreated")
        for kind, name, known in (
            ("profile", profile, PROFILES),
            ("treatment", treatment, TREATMENTS),
        ):
            if name not in known:
                raise InputError(f"{word!r}: unknown {kind} {name!r}; {nearest(name, known)}")
        pairs.append((profile, treatment))
    return list(dict.fromkeys(pairs))


def _show_processor(console: Console) -> None:
    """Say on what it runs: the digits depend on the width of vector instructions."""
    import torch

    from synaprune.results.manifest import cpu_model

    wide = torch.backends.cpu.get_cpu_capability() == "AVX512"
    kind = "with AVX-512" if wide else "without AVX-512"
    line = f"Processor: {cpu_model()}, {kind}; torch {torch.__version__}, one thread."
    console.print(line, soft_wrap=True, markup=False)


def _show_course(title: str, columns: Columns, console: Console) -> None:
    """Print a course, the healthy network first."""
    table = _table(title)
    for _, heading, _ in _COLUMNS:
        table.add_column(heading, justify="right")
    for row in range(len(columns["cycle"])):
        table.add_row(*(f"{columns[name][row]:.{places}f}" for name, _, places in _COLUMNS))
    console.print(table)


def _show_paper(profile: str, treatment: str, columns: Columns, console: Console) -> None:
    """Print the last cycle beside Tables 2 and 3, where they have the scenario."""
    from synaprune.paper import published_table2, published_table3
    from synaprune.paper.published import in_words, printed_decimals

    cells = {}
    for name, frame in (("Table 2", published_table2()), ("Table 3", published_table3())):
        rows = frame[(frame["profile"] == profile) & (frame["treatment"] == treatment)]
        if len(rows):
            cells[name] = dict(zip(rows["readout"], rows["published"], strict=True))
    readouts = list(dict.fromkeys(readout for cell in cells.values() for readout in cell))
    if not readouts:
        return
    table = _table(f"Last cycle of {profile}:{treatment} beside the paper")
    table.add_column("readout")
    for heading in ("here", *cells):
        table.add_column(heading, justify="right")
    for readout in readouts:
        values = [columns[readout][-1], *(cell.get(readout) for cell in cells.values())]
        places = printed_decimals(readout)
        shown = ("" if value is None else f"{value:.{places}f}" for value in values)
        table.add_row(in_words(readout), *shown)
    console.print(table)


def _table(title: str) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    return Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD,
                 padding=(0, 1, 0, 0))  # fmt: skip


def _write(here: Printed, folder: Path, console: Console) -> None:
    """Write both tables, unrounded."""
    from synaprune.results.files import write_atomically
    from synaprune.results.folder import refused

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, frame in (("courses.csv", here.courses), ("final.csv", here.finals)):
            text = frame.to_csv(index=False, lineterminator="\n")
            write_atomically(folder / name, text.encode())
            console.print((folder / name).as_posix(), soft_wrap=True, markup=False)
    except OSError as error:
        raise refused(folder, error) from error


def _show_digits(digits: pd.DataFrame, console: Console) -> None:
    """Print how many printed numbers are equal, and those that differ."""
    from synaprune.paper.printed import FINAL, guided_alone

    final = digits["cycle"] == FINAL
    for words, part in (
        ("all", digits),
        ("courses", digits[~final]),
        ("last cycles", digits[final]),
        ("structural", digits[digits["structural"]]),
        ("of the network's weights", digits[~digits["structural"]]),
    ):
        console.print(f"Printed numbers equal, {words}: {part['equal'].sum():,} of {len(part):,}")
    wrong = digits[~digits["equal"]]
    for (profile, treatment, cycle), rows in wrong.groupby(
        ["profile", "treatment", "cycle"], sort=False
    ):
        cells = (
            f"{row.column} printed {row.printed:.{row.decimals}f}, here {row.here:.{row.decimals}f}"
            for row in rows.itertuples()
        )
        line = f"{profile}:{treatment}, cycle {cycle}: {'; '.join(cells)}"
        console.print(line, soft_wrap=True, markup=False)
    if guided_alone(digits):
        console.print("Courses under ketamine differ and untreated ones do not: a choice by "
                      "gradient amplifies rounding.", soft_wrap=True)  # fmt: skip
