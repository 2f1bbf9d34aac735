"""Composition root: the only place of intake that names concrete adapters."""

from services.intake.deps import Deps
from services.intake.handlers import handlers
from services.intake.jobs import jobs
from services.intake.settings import Settings
from shared.launch.keys import NoSigningKey, SigningKey, read_signing_key
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
        signing=_signing_key(settings),
        demo_sign_in=settings.demo_dir is not None,
    )


def _signing_key(settings: Settings) -> SigningKey | None:
    try:
        return read_signing_key(settings.keys_dir)
    except NoSigningKey:
        return None  # the sign-in page says so


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
