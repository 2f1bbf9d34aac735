"""What a newcomer reads once the house stands: where to look, and who to sign in as."""

from rich.console import Console
from rich.table import Table
from sqlalchemy.engine import make_url

from services.console.house import House
from services.intake.domain.staff import DEMO_STAFF
from shared.launch.settings import BaseSettings

LOG_FILE = "services.log"


def print_welcome(url: str, house: House, settings: BaseSettings) -> None:
    out = Console(highlight=False, soft_wrap=True)
    out.print(
        f"\nAfterglow runs at {url}  (demo data, not for patients; {house.platform.clock.now():%Y-%m-%d %H:%M} UTC)"
    )
    checks = list(house.checks())
    table = Table("service", "API docs", "store", "event log", "status", box=None, pad_edge=False)
    for name in house.apps:
        store = make_url(str(house.apps[name].deps.engine.url))
        bad = [check.message for check in checks if check.name.startswith(name) and not check.ok]
        table.add_row(
            name,
            f"{url}/{name}/v1/docs",
            store.get_backend_name(),
            settings.events.partition(":")[0],
            "ready" if not bad else "; ".join(bad),
        )
    out.print(table)
    people = Table("role", "who", "works in", box=None, pad_edge=False)
    for role, person in DEMO_STAFF.items():
        people.add_row(role.value, person.name, person.works)
    out.print(people)
    out.print(f"Sign in at {url} by choosing who you are; no password.")
    out.print(f"A token for curl:  python -m services token --role nurse --site riverside --data {settings.data_dir}")
    out.print(f"Log: {settings.data_dir / LOG_FILE}")
    out.print(f"Sites: {', '.join(house.platform.sites)}.  Move the clock: POST {url}/demo/clock.  Stop: Ctrl-C.\n")
