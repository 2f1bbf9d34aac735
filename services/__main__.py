"""`python -m services`: the four services in one process, and the commands around them."""

import importlib
import sys
from collections.abc import Sequence

import click

# a command's module is imported when it is used, so that `token` needn't wait for four services
_COMMANDS = {
    "serve": "services.console.serve:serve",
    "token": "services.console.token:token",
    "doctor": "services.console.doctor:doctor",
    "migrate": "services.console.migrate:migrate",
    "seed": "services.console.seed:seed",
    "simulate": "services.console.simulate:simulate",
    "openapi": "services.console.openapi:openapi",
    "asyncapi": "services.console.asyncapi:asyncapi",
    "topics": "services.console.topics:topics",
    "events": "services.console.events:events",
    "parked": "services.console.parked:parked",
}


class _Afterglow(click.Group):
    """Runs `serve` when no command is named, so that `python -m services --port 8081` just works."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        found = getattr(importlib.import_module(module), name)
        if not isinstance(found, click.Command):
            raise TypeError(f"{_COMMANDS[cmd_name]} is no command")
        return found


@click.group(cls=_Afterglow, help="Afterglow: what happens after a ketamine session. Without a command: serve.")
def afterglow() -> None:
    pass


def main(arguments: Sequence[str] | None = None) -> None:
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or (given[0].startswith("-") and given[0] != "--help"):
        given.insert(0, "serve")
    afterglow(given, prog_name="python -m services")


if __name__ == "__main__":
    main()
