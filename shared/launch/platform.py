"""What all parts of one process share: clock, sites, keys, sealing, event log."""

from dataclasses import dataclass
from pathlib import Path

from shared.kernel.clock import Clock, DemoClock, SystemClock
from shared.kernel.sites import BadSites, Sites
from shared.launch.keys import NoSigningKey, ensure_secret, read_signing_key
from shared.launch.settings import BadSettings, BaseSettings
from shared.messaging.log import EventLog, KafkaCredentials, open_log
from shared.store.sealing import BadSealingKeys, Sealer
from shared.web.tokens import DEMO_PREFIX, PublicKeys


@dataclass(frozen=True, kw_only=True)
class Platform:
    clock: Clock
    sites: Sites
    public_keys: PublicKeys
    sealer: Sealer
    log: EventLog


def open_platform(settings: BaseSettings) -> Platform:
    """Open what `settings` name; nothing is connected yet. Raises BadSettings."""
    try:
        sites = Sites.from_file(settings.sites_file)
    except BadSites as error:
        raise BadSettings(f"AFTERGLOW_SITES: {error}") from error
    public_keys = PublicKeys(settings.public_keys)
    if settings.demo_dir is None:
        _refuse_demo_keys(settings, public_keys)
    return Platform(
        clock=SystemClock() if settings.demo_dir is None else DemoClock(clock_file(settings.demo_dir)),
        sites=sites,
        public_keys=public_keys,
        sealer=_open_sealer(settings),
        log=open_log(
            settings.events,
            settings.data_dir,
            KafkaCredentials(settings.kafka_user, settings.kafka_password, settings.kafka_security),
        ),
    )


def _open_sealer(settings: BaseSettings) -> Sealer:
    path = settings.keys_dir / "sealing.txt"
    try:
        text = path.read_text() if settings.demo_dir is None else ensure_secret(path, _new_demo_key)
        return Sealer.from_text(text.strip())
    except (OSError, BadSealingKeys) as error:
        raise BadSettings(f"AFTERGLOW_DATA: no sealing key can be read from {path} ({error})") from error


def _new_demo_key() -> str:
    return Sealer.new_key_text("demo")


def clock_file(demo_dir: Path) -> Path:
    return demo_dir / "clock.json"


def _refuse_demo_keys(settings: BaseSettings, public_keys: PublicKeys) -> None:
    bad = []
    if any(key_id.startswith(DEMO_PREFIX) for key_id in public_keys.key_ids()):
        bad.append("AFTERGLOW_PUBLIC_KEYS holds a demo key")
    try:
        if read_signing_key(settings.keys_dir).is_demo:
            bad.append(f"{settings.keys_dir} holds a demo signing key")
    except NoSigningKey:
        pass  # only intake needs one, and says so itself
    if bad:
        raise BadSettings("Production doesn't start with the demo's keys: " + "; ".join(bad))
