"""Compares what was committed at the producers with what stands at the consumers; believes nobody but their tables.

It knows the tables' names, SQL, and its own list of who tells whom. It shares no code with what it audits.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import psycopg

# topic → who promises it, who must have applied it
ROUTES = {
    "session-completed": ("intake", ("discharge", "maintenance")),
    "discharge-cleared": ("discharge", ("integration", "intake")),
    "journal-submitted": ("integration", ("maintenance",)),
    "booster-due": ("maintenance", ("intake",)),
}
# what is promised for each fact applied: (service, topic it applies) → topic it promises
CHAIN = {
    ("discharge", "session-completed"): "discharge-cleared",
    ("integration", "discharge-cleared"): "journal-submitted",
    ("maintenance", "journal-submitted"): "booster-due",
}
Line = tuple[str, str, int]  # patient, fact, n


@dataclass
class Audit:
    """Counts over all topics and consumers.

    lost: promised and not applied. doubled: a second row of a fact, promised or applied. disordered: a patient's fact
    that doesn't follow the one before it. invented: applied and never promised. broken: a chain's fact applied without
    what it promises next, or the other way round. forgotten: a caller was told "done" and the promise isn't there.
    waiting: rows left in an outbox. parked: events left in a parked line.
    """

    promised: int = 0
    applied: int = 0
    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    invented: int = 0
    broken: int = 0
    forgotten: int = 0
    waiting: int = 0
    parked: int = 0

    @property
    def faults(self) -> dict[str, int]:
        """What must be nought and isn't, once everything has come to rest."""
        counts = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: count for name, count in counts.items() if count and name not in {"promised", "applied"}}


def audit(stores: Mapping[str, str], told: Path) -> Audit:
    """`stores`: service → database URL. `told` holds files with one fact a line that a caller was told is done."""
    found = Audit()
    for topic, (producer, consumers) in ROUTES.items():
        promises = _lines(stores[producer], "promised", topic)
        found.promised += len(promises)
        facts = Counter(fact for _, fact, _ in promises)
        found.doubled += len(promises) - len(facts)
        found.disordered += _disorder(promises)
        for consumer in consumers:
            _judge(found, facts, _lines(stores[consumer], "applied", topic))
    for (service, topic), following in CHAIN.items():
        done = Counter((patient, n) for patient, _, n in _lines(stores[service], "applied", topic))
        said = Counter((patient, n) for patient, _, n in _lines(stores[service], "promised", following))
        found.broken += sum(((done - said) + (said - done)).values())
    sessions = {fact for _, fact, _ in _lines(stores["intake"], "promised", "session-completed")}
    found.forgotten = len({line for file in told.glob("*") for line in file.read_text().split()} - sessions)
    for url in stores.values():
        found.waiting += _one(url, "SELECT count(*) FROM outbox")
        found.parked += _one(url, "SELECT count(*) FROM parked_event")
    return found


def progress(stores: Mapping[str, str]) -> tuple[int, int]:
    """About how many facts were promised and how many applied so far: row numbers, which rollbacks leave holes in."""
    newest = "SELECT coalesce(max(number), 0) FROM "
    promised = sum(_one(url, newest + "promised") for url in stores.values())
    return promised, sum(_one(url, newest + "applied") for url in stores.values())


def at_rest(stores: Mapping[str, str]) -> bool:
    """Whether every fact promised so far is applied by each of its consumers, by number."""
    for topic, (producer, consumers) in ROUTES.items():
        count = _count(stores[producer], "promised", topic)
        if any(_count(stores[consumer], "applied", topic) < count for consumer in consumers):
            return False
    return all(_one(url, "SELECT count(*) FROM outbox") == 0 for url in stores.values())


def sealed(url: str) -> int:
    """How many records are in quarantine."""
    return _one(url, "SELECT count(*) FROM quarantine")


def replays_under_way(url: str) -> int:
    """How many replays were ordered and have not ended well."""
    return _one(url, "SELECT count(*) FROM replay WHERE state <> 'done'")


def shape(url: str) -> list[tuple[str, ...]]:
    """Every table, column and index of a store, and its revision."""
    if url.startswith("sqlite:///"):
        query = "SELECT type, name, coalesce(sql, '') FROM sqlite_master ORDER BY 1, 2"
    else:
        query = (
            "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns"
            " WHERE table_schema = 'public' UNION ALL SELECT tablename, indexname, indexdef, '' FROM pg_indexes"
            " WHERE schemaname = 'public' ORDER BY 1, 2"
        )
    with _reading(url) as run:
        return [*run(query), *run("SELECT version_num FROM alembic_version")]


def _judge(found: Audit, facts: Counter[str], lines: list[Line]) -> None:
    done = Counter(fact for _, fact, _ in lines)
    found.applied += len(lines)
    found.lost += len(facts.keys() - done.keys())
    found.invented += len(done.keys() - facts.keys())
    found.doubled += len(lines) - len(done)
    found.disordered += _disorder(lines)


def _disorder(lines: list[Line]) -> int:
    last: dict[str, int] = {}
    breaks = 0
    for patient, _, n in lines:
        breaks += n != last.get(patient, 0) + 1
        last[patient] = n
    return breaks


def _lines(url: str, table: str, topic: str) -> list[Line]:
    with _reading(url) as run:
        return run(f"SELECT patient, fact, n FROM {table} WHERE topic = '{topic}' ORDER BY number")


def _count(url: str, table: str, topic: str) -> int:
    return _one(url, f"SELECT count(*) FROM {table} WHERE topic = '{topic}'")


def _one(url: str, query: str) -> int:
    with _reading(url) as run:
        return int(run(query)[0][0])


@contextmanager
def _reading(url: str) -> Iterator[Any]:
    if url.startswith("sqlite:///"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30)) as connection:
            yield lambda query: connection.execute(query).fetchall()
    else:
        with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://"), connect_timeout=5) as server:
            yield lambda query: server.execute(query).fetchall()
