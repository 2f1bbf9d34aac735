"""The real maintenance service on a given log and database."""

import atexit
import shutil
import tempfile
from pathlib import Path

from services.maintenance.deps import Deps
from services.maintenance.domain.crisis import DEMO_LINES
from services.maintenance.domain.rules import MaintenanceRules
from services.maintenance.wiring import build_worker
from shared.kernel.clock import SystemClock
from shared.kernel.sites import Sites
from shared.launch.collector import settle
from shared.launch.keys import ensure_demo_keys
from shared.launch.platform import Platform
from shared.launch.settings import DEMO_SITES
from shared.messaging.log import EventLog
from shared.messaging.worker import Worker
from shared.observability import metrics
from shared.store.engine import open_engine
from shared.store.sealing import Sealer
from shared.web.tokens import PublicKeys
from tests.bench.events.journals import TOPIC


def platform_on(log: EventLog) -> Platform:
    keys = Path(tempfile.mkdtemp(prefix="bench-keys"))
    atexit.register(shutil.rmtree, keys)
    ensure_demo_keys(keys)
    return Platform(
        clock=SystemClock(),
        sites=Sites.from_file(DEMO_SITES),
        public_keys=PublicKeys(str(keys / "public.json")),
        sealer=Sealer.from_text(Sealer.new_key_text("bench")),
        log=log,
    )


def maintenance_on(log: EventLog, url: str) -> tuple[Deps, Worker]:
    platform = platform_on(log)
    deps = Deps(
        service="maintenance",
        engine=open_engine(url),
        clock=platform.clock,
        sites=platform.sites,
        public_keys=platform.public_keys,
        sealer=platform.sealer,
        log=log,
        rules=MaintenanceRules(crisis_lines=DEMO_LINES),
    )
    worker = build_worker(deps, platform)
    settle()
    return deps, worker


def applied() -> int:
    """Journals whose effects this process has committed."""
    return int(metrics.APPLIED.labels("maintenance", TOPIC)._value.get())
