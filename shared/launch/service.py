"""What a service's `__main__` hands over so that it can be started, alone or with the other three."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shared.launch.platform import Platform
from shared.launch.settings import BaseSettings
from shared.messaging.worker import Worker
from shared.web.app import ServiceApp


@dataclass(frozen=True, kw_only=True)
class Service:
    """`wire` names the concrete adapters; `create_app` and `build_worker` use what it returns."""

    name: str
    settings: type[BaseSettings]
    wire: Callable[[Any, Platform], Any]
    create_app: Callable[[Any], ServiceApp]
    build_worker: Callable[[Any, Platform], Worker]
