"""Composition root: the only place of integration that names concrete adapters."""

from services.integration.deps import Deps
from services.integration.domain.rules import IntegrationRules
from services.integration.handlers import handlers
from services.integration.jobs import jobs
from services.integration.settings import Settings
from shared.launch.platform import Platform
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
        rules=IntegrationRules(),
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
