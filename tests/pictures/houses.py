"""The houses that pictures are taken in, made side by side while the first are taken."""

import shutil
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from types import TracebackType

from tests.e2e.running import RunningHouse
from tests.support.away import without_discharge
from tests.support.full_day import full_day
from tests.support.lone_patients import lone_patients
from tests.support.morning import MORNING

_Makes = Callable[[Path], AbstractContextManager[RunningHouse]]


class Houses(AbstractContextManager["Houses"]):
    """`names` are those of views' houses; `kept` is a data folder that holds the demo's morning already."""

    def __init__(self, folder: Path, names: Iterable[str], *, kept: Path | None = None) -> None:
        makes: dict[str, _Makes] = {
            "empty": lambda here: _house(here, "--empty"),
            "morning": lambda here: _house(here, "--demo=quiet", kept=kept),
            "lone": lone_patients,
            "away": without_discharge,
            "full-day": full_day,
        }
        self._open = ExitStack()
        self._makers = ThreadPoolExecutor(max_workers=2)
        self._made: dict[str, Future[RunningHouse]] = {}
        for name in (name for name in makes if name in set(names)):
            (folder / name).mkdir()
            self._made[name] = self._makers.submit(self._enter, makes[name], folder / name)

    def __getitem__(self, name: str) -> RunningHouse:
        """Waits until it is made; raises what its making raised."""
        return self._made[name].result()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._makers.shutdown(cancel_futures=True)
        self._open.close()

    def _enter(self, make: _Makes, folder: Path) -> RunningHouse:
        return self._open.enter_context(make(folder))


def _house(folder: Path, how: str, *, kept: Path | None = None) -> RunningHouse:
    if kept:
        shutil.copytree(kept, folder / "data")
    return RunningHouse(folder / "data", how, "--at", MORNING.isoformat(), "--speed", "0")
