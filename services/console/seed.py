"""Sows a demo: weeks of plainly fictional patients, through the same HTTP API and the same clock that everybody uses.

Nothing is written beside the API. The same `until` gives the same people, readings and times. Safe to repeat after an
interruption within a day: every POST carries an Idempotency-Key made of its place in the story, and the clock is only
ever moved forward.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from services.console.care import Care
from services.console.client import Clinics, Refusal, Unreached
from services.console.options import data_option
from services.console.seed_cast import Story
from services.console.seed_harbor import STORIES as HARBOR
from services.console.seed_lakeview import STORIES as LAKEVIEW
from services.console.seed_riverside import STORIES as RIVERSIDE
from services.console.seed_stories import FIRST_DAY, Chronicle
from services.console.seed_timeline import Timeline
from shared.kernel.people import Role
from shared.launch.keys import NoSigningKey, write_whole

HISTORY = timedelta(days=FIRST_DAY)
"""How long before the morning the demo's clock has to begin."""

CAST: dict[str, tuple[Story, ...]] = {"riverside": RIVERSIDE, "lakeview": LAKEVIEW, "harbor": HARBOR}


def sow(url: str, keys_dir: Path, *, until: datetime) -> None:
    """Play the weeks before `until` and leave the clock there. Raises Refusal, Unreached and NoSigningKey."""
    clinics = Clinics(url, keys_dir)
    try:
        sites = clinics.caller(Role.FRONT_DESK, *CAST).get("/intake/v1/sites")["items"]
        timeline = Timeline()
        cares = {}
        for site in sites:
            if site["site_id"] not in CAST:
                continue
            care = cares[site["site_id"]] = Care(clinics, site["site_id"])
            Chronicle(
                timeline,
                care,
                ZoneInfo(site["time_zone"]),
                [chair["chair_id"] for chair in site["chairs"]],
                until=until.astimezone(UTC),
            ).tell(CAST[site["site_id"]])
        timeline.play(clinics, cares)
        clinics.move_clock(until)
    finally:
        clinics.close()


@click.command(help="Sow a demo into a running house that has no patients yet; its clock moves 11 weeks forward.")
@click.option("--url", default="http://127.0.0.1:8080", show_default=True, help="Where the services answer.")
@data_option
def seed(url: str, data: Path) -> None:
    try:
        sow(url, data / "keys", until=_until(url, data))
    except (Refusal, Unreached, NoSigningKey) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Sown. {url} has three sites in mid-morning.")


def _until(url: str, data: Path) -> datetime:
    """HISTORY from the clock's now; a repeat after an interruption aims at the instant of the first try."""
    kept = data / "seed.json"
    if kept.exists():
        return datetime.fromisoformat(json.loads(kept.read_text())["until"])
    clinics = Clinics(url, data / "keys")
    try:
        until = (clinics.now() + HISTORY).replace(microsecond=0)
    finally:
        clinics.close()
    write_whole(kept, json.dumps({"until": until.isoformat()}), mode=0o644)
    return until
