"""`token`: a bearer token of the demo, for curl and scripts."""

import time
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import click

from services.console.options import data_option
from services.intake.domain.staff import DEMO_STAFF
from shared.kernel.clock import monotonic
from shared.kernel.people import Actor, Role
from shared.launch.keys import NoSigningKey, SigningKey, read_signing_key
from shared.web.tokens import sign

_WAIT_SECONDS = 30.0


@click.command(help="Print a bearer token of the demo. Demo tokens don't expire, and only the demo accepts them.")
@click.option("--role", type=click.Choice([r.value for r in Role if r is not Role.SERVICE]), required=True)
@click.option("--site", "sites", multiple=True, help="A site_id; may be given several times.")
@click.option("--patient", type=click.UUID, help="The patient a portal speaks for; required with --role portal.")
@click.option("--subject", help="Another member of staff of the same role, such as a second prescriber.")
@data_option
def token(role: str, sites: tuple[str, ...], patient: UUID | None, subject: str | None, data: Path) -> None:
    if (role == Role.PORTAL) != (patient is not None):
        raise click.UsageError("--patient goes with --role portal, and only with it.")
    if role != Role.PORTAL and not sites:
        raise click.UsageError("--site is required for staff.")
    click.echo(demo_token(_wait_for_key(data), Role(role), sites, patient=patient, subject=subject))


def demo_token(
    key: SigningKey, role: Role, sites: Sequence[str], *, patient: UUID | None = None, subject: str | None = None
) -> str:
    """A token that doesn't expire for the demo's person of that role, or for `subject`."""
    if patient is not None or subject is not None or role not in DEMO_STAFF:
        who = subject or f"patient:{patient}"
        name = subject or "A patient"
        actor = Actor(subject=who, name=name, roles=frozenset({role}), sites=frozenset(sites), patient_id=patient)
    else:
        actor = DEMO_STAFF[role].at(sites)
    return sign(actor, key.key, key.key_id, lasts=None)


def _wait_for_key(data: Path) -> SigningKey:
    give_up = monotonic() + _WAIT_SECONDS
    while True:
        try:
            key = read_signing_key(data / "keys")
            break
        except NoSigningKey as error:
            if monotonic() > give_up:
                raise click.ClickException(f"{error}; has `python -m services` been started on this --data?") from None
            time.sleep(0.1)
    if not key.is_demo:
        raise click.ClickException("This is not the demo's key: production issues its own tokens.")
    return key
