"""The settings of all four services at once, so that whoever starts the house hears of every bad one together."""

from collections.abc import Mapping

from services.console.house import SERVICE_NAMES, service
from shared.launch.settings import BadSettings, BaseSettings


def read_settings(environ: Mapping[str, str]) -> dict[str, BaseSettings]:
    """Settings by service; raises BadSettings whose message has every bad line of any service once."""
    found: dict[str, BaseSettings] = {}
    lines: dict[str, None] = {}
    heading = ""
    for name in SERVICE_NAMES:
        try:
            found[name] = service(name).settings.from_env(name, environ)
        except BadSettings as error:
            heading, _, bad = str(error).partition("\n")
            lines |= dict.fromkeys(bad.splitlines())
    if lines:
        raise BadSettings("\n".join((heading, *lines)))
    return found
