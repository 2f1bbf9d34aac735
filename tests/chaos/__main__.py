"""Hurt the house on purpose and report what held: `make chaos`, or `python -m tests.chaos --only zombies --scale 0.1`.

At scale 1: 1,000 kills over a million events on each adapter, 200 zombies, 100 leavings. Every trial has a world of its
own; those on servers share one PostgreSQL and one Kafka, in containers that nobody else uses.
"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from shared.kernel.clock import monotonic
from tests.chaos.report import Outcome, table
from tests.chaos.servers import Servers, servers
from tests.chaos.trials import TRIALS, Trial
from tests.chaos.world import TrialFailed, World, embedded_world, server_world


@click.command(help=__doc__)
@click.option("--scale", default=1.0, show_default=True, type=click.FloatRange(0, min_open=True))
@click.option("--adapter", type=click.Choice(["embedded", "servers", "both"]), default="both", show_default=True)
@click.option("--seed", default=1, show_default=True, help="Which patients, batches and victims.")
@click.option(
    "--minutes", type=float, help="After so long, random kills leave off and are audited as far as they came."
)
@click.option("--only", multiple=True, type=click.Choice([trial.name for trial in TRIALS]), help="May be repeated.")
@click.option("--report", type=click.Path(path_type=Path), help="Also write the outcomes here, one JSON object a line.")
def main(
    scale: float, adapter: str, seed: int, minutes: float | None, only: tuple[str, ...], report: Path | None
) -> None:
    chosen = [trial for trial in TRIALS if not only or trial.name in only]
    outcomes: list[Outcome] = []
    with ExitStack() as stack:
        hurt: Servers | None = None
        if adapter != "embedded" and any(trial.servers for trial in chosen):
            hurt = stack.enter_context(servers())
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        bar = stack.enter_context(Progress(*columns))
        for trial in chosen:
            for where in ("embedded", "servers"):
                if adapter in (where, "both") and getattr(trial, where):
                    outcomes.append(_run(trial, where, hurt, bar, scale=scale, seed=seed, minutes=minutes))
                    if report is not None:
                        with report.open("a") as lines:
                            print(outcomes[-1].line(), file=lines)
    Console(width=None if sys.stdout.isatty() else 160).print(table(outcomes, seed=seed, scale=scale))
    sys.exit(any(outcome.failed for outcome in outcomes))


def _run(
    trial: Trial, where: str, hurt: Servers | None, bar: Progress, *, scale: float, seed: int, minutes: float | None
) -> Outcome:
    task = bar.add_task(f"{trial.name} on {where}", total=None)
    began = monotonic()

    def tick(what: str, done: int, total: int) -> None:
        bar.update(task, description=f"{trial.name} on {where}: {what}", completed=done, total=total)

    with _world(where, hurt, seed=seed) as world:
        if minutes is not None:
            world.leave_off_at = began + 60 * minutes
        try:
            outcome = trial.run(world, hurt, scale, tick)
        except TrialFailed as failed:
            outcome = Outcome(trial.name, where, 0, world.audit(), "", failed=str(failed))
        except Exception as broken:
            bar.console.print_exception()  # what comes after it is tried all the same
            outcome = Outcome(trial.name, where, 0, None, "", failed=f"it broke: {type(broken).__name__}")
    outcome.lasted_seconds = monotonic() - began
    bar.update(task, description=f"{trial.name} on {where}: {'FAILED' if outcome.failed else 'held'}")
    bar.stop_task(task)
    return outcome


@contextmanager
def _world(where: str, hurt: Servers | None, *, seed: int) -> Iterator[World]:
    if where == "embedded":
        with embedded_world(seed=seed) as world:
            yield world
    else:
        assert hurt is not None
        with server_world(hurt.postgres, hurt.kafka, seed=seed) as world:
            yield world


if __name__ == "__main__":
    main()
