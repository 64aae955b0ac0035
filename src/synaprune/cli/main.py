"""The command `synaprune`: its verbs, and how it ends.

A user's mistake is one line and exit code 2, a run that could not be finished is 1, an
interruption 130; anything else is a defect and keeps its traceback.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import rich_click as click

from synaprune import __version__
from synaprune.cli.app import app
from synaprune.cli.calibrate import calibrate
from synaprune.cli.campaign import FAILED, INTERRUPTED
from synaprune.cli.constants import constants
from synaprune.cli.demo import demo
from synaprune.cli.export import export
from synaprune.cli.figures import figures
from synaprune.cli.init import init
from synaprune.cli.replay import replay
from synaprune.cli.report import report
from synaprune.cli.reproduce import reproduce
from synaprune.cli.run import run
from synaprune.cli.schema import schema
from synaprune.cli.validate import validate
from synaprune.errors import InputError, RunError

INPUT_ERROR = 2


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Research use only, not for clinical decisions.",
)
@click.version_option(__version__, prog_name="synaprune")
def cli() -> None:
    """Simulate the synaptic-pruning continuum between depression and ALS."""


for _verb in (
    reproduce, replay, demo, init, validate, run, app, figures, report, export, calibrate,
    constants, schema,
):  # fmt: skip
    cli.add_command(_verb)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit.

    Parameters
    ----------
    arguments
        Without the program's name; by default the process's own.
    """
    try:
        code = cli.main(arguments, prog_name="synaprune", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except InputError as error:
        click.echo(f"synaprune: {error}", err=True)
        code = INPUT_ERROR
    except RunError as error:
        click.echo(f"synaprune: {error}", err=True)
        code = FAILED
    except (KeyboardInterrupt, click.Abort):
        click.echo("synaprune: interrupted", err=True)
        code = INTERRUPTED
    sys.exit(code or 0)


if __name__ == "__main__":
    main()
