"""Composition root: the only place of discharge that names concrete adapters."""

from services.discharge.deps import Deps
from services.discharge.domain.policies.driving_rules import full_day_rules
from services.discharge.domain.rule_book import RuleBook
from services.discharge.handlers import handlers
from services.discharge.jobs import jobs
from services.discharge.settings import Settings
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
        book=RuleBook(driving_by_site=dict.fromkeys(settings.full_day_sites, full_day_rules())),
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
