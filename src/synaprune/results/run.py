"""A finished run, read from its folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from synaprune.errors import InputError, nearest
from synaprune.model.quantities import LAYER_QUANTITIES, READOUT_NAMES, READOUTS
from synaprune.results.blocks import read_block
from synaprune.results.columns import FACTORS, KEYS, PRETRAINED, layer_column, layers_in
from synaprune.results.disclaimer import DISCLAIMER
from synaprune.results.folder import BLOCKS
from synaprune.results.manifest import Manifest, read_manifest
from synaprune.results.shards import part_blocks

if TYPE_CHECKING:
    import xarray as xr

Table = Literal["readouts", "layers"]
_TABLES: tuple[Table, ...] = ("readouts", "layers")


class Run:
    """Results of a study.

    Parameters
    ----------
    folder
        The run folder.
    partial
        Whether a run that is not complete may be read.

    Raises
    ------
    InputError
        Not a run folder, or not complete. Later, when it is read: no block is there yet.
    """

    def __init__(self, folder: str | Path, *, partial: bool = False) -> None:
        self.folder = Path(folder)
        self.manifest: Manifest = read_manifest(self.folder)
        if partial and not self.manifest.complete:  # shards list what they have apart
            apart, _ = part_blocks(self.folder, self.manifest.study_sha256)
            self.manifest = read_manifest(self.folder)  # the last of them may have closed the run
            self.manifest.blocks = apart | self.manifest.blocks
        done, planned = len(self.manifest.blocks), self.manifest.planned_blocks
        if not (self.manifest.complete or partial):
            raise InputError(f"{folder}: the run is not complete ({done} of {planned} blocks)")

    def __repr__(self) -> str:
        manifest = self.manifest
        return (
            f"<Run {manifest.name!r}: {len(manifest.blocks)} of {manifest.planned_blocks} blocks, "
            f"seed {manifest.seed}, study {manifest.study_sha256[:8]}, in {self.folder}>"
        )

    def _repr_html_(self) -> str:
        """Show the final cycle, median over patients, as a table in a notebook."""
        final = self.final()
        shown = ["accuracy_percent", "total_sparsity_percent", "alsfrs_r_proxy",
                 "depression_score", "nfl_proxy", "motor_integrity_percent"]  # fmt: skip
        medians = final.groupby(["profile", "arm"], sort=False)[shown].median().round(1)
        patients = final["patient"].nunique()
        head = (
            f"<p><b>{escape(self.manifest.name)}</b>: cycle {final['cycle'].iloc[0]}, median over "
            f"{patients} patients. Seed {self.manifest.seed}, "
            f"study {self.manifest.study_sha256[:8]}. Chance accuracy is 25 %.</p>"
        )
        return f"{head}{medians.to_html()}<p>{DISCLAIMER}</p>"

    def to_frame(self, table: Table = "readouts") -> pd.DataFrame:
        """Load a tidy table.

        Parameters
        ----------
        table
            ``readouts``: one row a profile, arm, patient and cycle. ``layers``: one row for each
            layer of those, with ``sparsity_percent``, ``aggregate``, ``noise`` and ``flare``.

        Returns
        -------
        pandas.DataFrame
            Sorted by profile, arm, patient and cycle (and by layer in the order of the circuit).
            ``month`` is the time after the start of cycle 0.

        Examples
        --------
        >>> import synaprune
        >>> run = synaprune.load_run("runs/demo")  # doctest: +SKIP
        >>> run.to_frame().groupby("arm").alsfrs_r_proxy.median()  # doctest: +SKIP
        """
        if table not in _TABLES:
            raise InputError(f"to_frame: unknown table {table!r}; {nearest(table, _TABLES)}")
        keys = [*KEYS, "month"]
        if table == "readouts":
            return self._read([*keys, *READOUT_NAMES])
        layers = self._layers()
        wide = [layer_column(q, layer) for q in LAYER_QUANTITIES for layer in layers]
        frame = self._read([*keys, *wide])
        count = len(layers)
        long = frame[keys].loc[frame.index.repeat(count)].reset_index(drop=True)
        long["layer"] = np.tile(np.array(layers, dtype=object), len(frame))
        long["layer"] = long["layer"].astype(frame["arm"].dtype)
        for quantity in LAYER_QUANTITIES:
            columns = [layer_column(quantity, layer) for layer in layers]
            long[quantity] = frame[columns].to_numpy().ravel()
        return long

    def final(self) -> pd.DataFrame:
        """Load the readouts of the last cycle, without holding those before it.

        Returns
        -------
        pandas.DataFrame
            As `to_frame`, one row a profile, arm and patient.
        """
        return self._read([*KEYS, "month", *READOUT_NAMES], _last_cycle)

    def patients(self) -> pd.DataFrame:
        """Load what each patient is, one row a patient.

        Returns
        -------
        pandas.DataFrame
            ``patient``, ``pretrain_accuracy_percent``, and for every layer
            ``base_rate_factor/<layer>`` and ``vulnerability_factor/<layer>``. Where a patient
            differs between profiles, because one sets a constant of the task, of pretraining or
            of patients, ``profile`` comes first, and each profile has its rows.
        """
        factors = [layer_column(name, layer) for name in FACTORS for layer in self._layers()]
        frame = self._read(["profile", "patient", PRETRAINED, *factors], _distinct_patients)
        same = frame.drop(columns="profile").drop_duplicates()
        if same["patient"].is_unique:
            return same.sort_values("patient", ignore_index=True)
        return frame

    def to_xarray(self) -> xr.Dataset:
        """Load everything as a labelled array.

        Returns
        -------
        xarray.Dataset
            Readouts over (profile, arm, patient, cycle), layer quantities over (profile, arm,
            patient, cycle, layer), with titles and units as attributes. ``month`` is a coordinate
            over (profile, cycle): the length of a cycle belongs to the profile.
        """
        import xarray as xr

        keys = list(KEYS)
        frame = self.to_frame()
        data = frame.drop(columns="month").set_index(keys).to_xarray()
        for readout in READOUTS:
            data[readout.name].attrs = {"long_name": readout.title, "units": readout.unit,
                                        "definition": readout.definition}  # fmt: skip
        layers = self.to_frame("layers").drop(columns="month").set_index([*keys, "layer"])
        data = xr.merge([data, layers.to_xarray().reindex(layer=self._layers())])
        times = frame.drop_duplicates(["profile", "cycle"]).set_index(["profile", "cycle"])["month"]
        data = data.assign_coords(month=times.to_xarray().assign_attrs(units="months"))
        data.attrs = {"name": self.manifest.name, "seed": self.manifest.seed,
                      "study_sha256": self.manifest.study_sha256,
                      "note": DISCLAIMER}  # fmt: skip
        return data

    def _layers(self) -> list[str]:
        name, sha256 = next(iter(self._blocks().items()))
        columns = read_block(self.folder / BLOCKS / name, sha256).column_names
        return layers_in(columns, "sparsity_percent")

    def _blocks(self) -> Mapping[str, str]:
        if not self.manifest.blocks:
            raise InputError(f"{self.folder}: no block of the run is finished yet")
        return self.manifest.blocks

    def _read(
        self,
        columns: list[str],
        kept: Callable[[pd.DataFrame], pd.DataFrame] = lambda block: block,
    ) -> pd.DataFrame:
        """Read columns of all blocks, of each block what is kept."""
        frames = []
        for name, sha256 in self._blocks().items():
            table = read_block(self.folder / BLOCKS / name, sha256, columns)
            frames.append(kept(table.to_pandas(strings_to_categorical=False, categories=[])))
        whole = pd.concat(frames, ignore_index=True)
        for name in ("profile", "arm"):
            if name in whole:
                whole[name] = whole[name].astype(str)
        order = [key for key in KEYS if key in whole]
        ordered: pd.DataFrame = whole.sort_values(order, ignore_index=True)[columns]
        return ordered


def _last_cycle(block: pd.DataFrame) -> pd.DataFrame:
    last: pd.DataFrame = block[block["cycle"] == block["cycle"].max()]
    return last


def _distinct_patients(block: pd.DataFrame) -> pd.DataFrame:
    return block.drop_duplicates(["profile", "patient"])


def load_run(folder: str | Path, *, partial: bool = False) -> Run:
    """Open a run folder.

    Parameters
    ----------
    folder
        The folder that `run` or the command line wrote.
    partial
        Whether a run that is not complete may be read.

    Raises
    ------
    InputError
        Not a run folder, or not complete.
    """
    return Run(folder, partial=partial)
