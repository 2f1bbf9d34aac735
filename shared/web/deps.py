"""What every service's edges may use; each service adds its own rules to it in its deps.py."""

from dataclasses import dataclass

from sqlalchemy import Engine

from shared.kernel.clock import Clock
from shared.kernel.sites import Sites
from shared.store.sealing import Sealer
from shared.web.tokens import PublicKeys


@dataclass(frozen=True, kw_only=True)
class ServiceDeps:
    """`service` is the service's name, as in its routes, its topics' producer and its metrics."""

    service: str
    engine: Engine
    clock: Clock
    sites: Sites
    public_keys: PublicKeys
    sealer: Sealer
