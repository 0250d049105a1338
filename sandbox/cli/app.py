"""The commands, put together."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from sandbox import __version__

from . import bench, check, exporting, fidelity, importing, run, services, verify


def command() -> Any:
    """The command line, ready to read its words; a command returns the work it stands for."""
    app = typer.Typer(
        name="sandbox",
        help="Simulate cloud architectures. `sandbox` alone or `sandbox FILE` opens the window.",
        add_completion=False,
        no_args_is_help=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )

    @app.callback()
    def of_all(
        version: Annotated[
            bool,
            typer.Option("--version", callback=_version, is_eager=True, help="Tell the version."),
        ] = False,
    ) -> None:
        pass

    app.command("run")(run.command)
    app.command("services")(services.command)
    app.command("check")(check.command)
    app.command("import")(importing.command)
    app.command("export")(exporting.command)
    app.command("verify")(verify.command)
    app.command("bench")(bench.command)
    app.command("fidelity")(fidelity.command)
    return typer.main.get_command(app)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sandbox {__version__}")
        raise typer.Exit
