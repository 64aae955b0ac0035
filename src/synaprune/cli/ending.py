"""What a run ends with on the terminal: a small table, where it is, how to open it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from synaprune.results.run import Run

_SHOWN = (
    ("accuracy_percent", "accuracy\n%"),
    ("alsfrs_r_proxy", "ALSFRS-R\nproxy"),
    ("total_sparsity_percent", "sparsity\n%"),
    ("motor_integrity_percent", "motor\nint. %"),
    ("respiratory_risk_percent", "resp.\nrisk %"),
    ("depression_score", "depres-\nsion"),
)


def show_ending(run: Run, console: Console) -> None:
    """Print the final cycle (median over patients) and the lines that open the run."""
    from synaprune.results.disclaimer import DISCLAIMER

    final = run.final()
    last = final["cycle"].iloc[0]
    patients = final["patient"].nunique()
    whose = f"median over {patients} patients" if patients > 1 else "one patient"
    names = [name for name, _ in _SHOWN]
    for profile, arms in final.groupby("profile"):
        table = Table(title=f"{profile}, cycle {last}, {whose}", title_justify="left",
                      title_style="bold", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))  # fmt: skip
        table.add_column("arm", no_wrap=True)
        for _, title in _SHOWN:
            table.add_column(title, justify="right")
        for arm, row in arms.groupby("arm")[names].median().iterrows():
            table.add_row(str(arm), *(f"{value:.1f}" for value in row))
        console.print(table)
    console.print("Chance: accuracy 25 %, ALSFRS-R proxy 12.0.", highlight=False)
    console.print(DISCLAIMER, highlight=False)
    show_place(run, console)


def show_place(run: Run, console: Console) -> None:
    """Print where the run is and how to open it in Python and R."""
    folder = run.folder.as_posix()
    lines = (
        "",
        f"Run folder: {folder}",
        f'Python:  import synaprune; frame = synaprune.load_run("{folder}").to_frame()',
        f'R:       frame <- dplyr::collect(arrow::open_dataset("{folder}/blocks"))',
    )
    for line in lines:
        console.print(line, highlight=False, soft_wrap=True, markup=False)
