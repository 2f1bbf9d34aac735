"""What a service's edges use beside the rest, so that operators can look into the log."""

from dataclasses import dataclass

from shared.messaging.log import EventLog
from shared.web.deps import ServiceDeps


@dataclass(frozen=True, kw_only=True)
class OperatedDeps(ServiceDeps):
    """`log` is connected to only when an operator looks: whoever serves needs no event log."""

    log: EventLog
