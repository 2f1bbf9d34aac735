"""Fifty live boards on one process while somebody charts once a second."""

import asyncio
import statistics
from collections import defaultdict
from functools import partial

import httpx

from services.console.care import well
from services.console.client import Caller, Clinics
from shared.kernel.clock import monotonic
from shared.kernel.people import Role
from tests.bench.recoveries import seconds_of
from tests.e2e.running import RunningHouse

WATCHERS = 50
_CHANGES = 40
_SETTLE_SECONDS = 3.0
_LIVE = "/discharge/recovery/live?show=all&after="


def live(house: RunningHouse) -> dict[str, float]:
    clinics = Clinics(house.origin, house.data / "keys")
    nurse = clinics.caller(Role.NURSE, "riverside")
    here = [
        found["session_id"]
        for found in nurse.everything("/discharge/v1/recoveries", site_id="riverside", state="recovering")
    ]
    alone = asyncio.run(_changes(clinics, nurse, here, None))
    arrived: dict[int, dict[int, float]] = defaultdict(dict)
    watched, sent = asyncio.run(_while_watched(house, clinics, nurse, here, arrived))
    clinics.close()
    took = [at - sent[number] for number, clients in arrived.items() for at in clients.values()]
    return {
        "arrives_p50": statistics.median(took),
        "arrives_p95": _p95(took),
        "came": sum(len(clients) == WATCHERS for clients in arrived.values()),
        "made": _CHANGES,
        "alone_p95": _p95(alone),
        "watched_p95": _p95(watched),
    }


async def _while_watched(
    house: RunningHouse, clinics: Clinics, nurse: Caller, here: list[str], arrived: dict[int, dict[int, float]]
) -> tuple[list[float], dict[int, float]]:
    sent: dict[int, float] = {}
    async with httpx.AsyncClient(
        base_url=house.origin,
        headers={"Authorization": f"Bearer {house.token('nurse', 'riverside')}"},
        timeout=None,
        limits=httpx.Limits(max_connections=WATCHERS),
    ) as http:
        watching = [asyncio.create_task(_watch(http, client, sent, arrived)) for client in range(WATCHERS)]
        await asyncio.sleep(_SETTLE_SECONDS)
        took = await _changes(clinics, nurse, here, sent)
        await asyncio.sleep(_SETTLE_SECONDS)
        for one in watching:
            one.cancel()
        await asyncio.gather(*watching, return_exceptions=True)
    return took, sent


async def _watch(
    http: httpx.AsyncClient, client: int, sent: dict[int, float], arrived: dict[int, dict[int, float]]
) -> None:
    """The first message after a change carries it: changes are a second apart."""
    after = ""
    while True:
        async with http.stream("GET", _LIVE + after) as answer:
            assert answer.status_code == 200, answer.status_code
            async for line in answer.aiter_lines():
                if line.startswith("id: "):
                    after = line.removeprefix("id: ")
                if line.startswith('data: {"stamp"') and sent and '"acted": true' in line:
                    arrived[max(sent)].setdefault(client, monotonic())


async def _changes(clinics: Clinics, nurse: Caller, here: list[str], sent: dict[int, float] | None) -> list[float]:
    """One observation a second, each on another chart with another pressure; how long it took, and two reads beside it.

    `sent` gets when each was sent, unless nobody watches."""
    took, now = [], clinics.now()
    for number in range(_CHANGES):
        began = monotonic()
        session_id = here[number % len(here)]
        seen = well(now, systolic_mmhg=100 + number if sent is not None else 150 - number)
        chart = partial(nurse.post, f"/discharge/v1/recoveries/{session_id}/observations", seen)
        if sent is not None:
            sent[number] = monotonic()
        took.append(await asyncio.to_thread(seconds_of, chart))
        for read in (
            partial(nurse.get, "/discharge/v1/recoveries", limit=50),
            partial(nurse.get, "/intake/v1/boards/today"),
        ):
            took += [await asyncio.to_thread(seconds_of, read)]
        await asyncio.sleep(max(0.0, 1.0 - (monotonic() - began)))
    return took


def _p95(samples: list[float]) -> float:
    return statistics.quantiles(samples, n=20)[-1]
