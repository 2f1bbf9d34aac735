"""Composition root: the only place of maintenance that names concrete adapters."""

from services.maintenance.deps import Deps
from services.maintenance.domain.crisis import DEMO_LINES, CrisisLine, parse_crisis_lines
from services.maintenance.domain.rules import MaintenanceRules
from services.maintenance.handlers import handlers
from services.maintenance.jobs import jobs
from services.maintenance.settings import Settings
from shared.launch.platform import Platform
from shared.launch.settings import BadSettings
from shared.messaging.worker import Worker
from shared.store.engine import open_engine


def wire(settings: Settings, platform: Platform) -> Deps:
    return Deps(
        service=settings.service,
        engine=open_engine(settings.database_url),
        clock=platform.clock,
        sites=platform.sites,
        public_keys=platform.public_keys,
        sealer=platform.sealer,
        log=platform.log,
        rules=MaintenanceRules(crisis_lines=_crisis_lines(settings)),
    )


def build_worker(deps: Deps, platform: Platform) -> Worker:
    return Worker(
        service=deps.service,
        engine=deps.engine,
        log=platform.log,
        clock=deps.clock,
        sealer=deps.sealer,
        handlers=handlers(deps),
        jobs=jobs(deps),
    )


def _crisis_lines(settings: Settings) -> tuple[CrisisLine, ...]:
    if settings.crisis_lines_file is None:
        return DEMO_LINES
    try:
        return parse_crisis_lines(settings.crisis_lines_file.read_text())
    except (OSError, ValueError) as error:
        raise BadSettings(f"AFTERGLOW_CRISIS_LINES: {error}") from error
