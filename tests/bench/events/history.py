"""What years of journals behind it change: applying and relaying with 1×, 10× and 100× the earlier events."""

from sqlalchemy import text

from shared.store.engine import open_engine
from tests.bench.events.journals import JOURNALS_A_PATIENT, TOPIC, journals
from tests.bench.events.size import Size
from tests.bench.events.stage import Stage, measured, middle
from tests.bench.table import print_table

_TIMES = (1, 10, 100)
_APPLIED = (
    "INSERT INTO plan (patient_id, site_id, named, facts, state, cycle, sessions_done, explanation, policy_version,"
    " created_at, updated_at, version) SELECT md5('patient-' || n)::uuid, 'riverside', true, :each, 'induction', 0, 0,"
    " '', '', now(), now(), 1 FROM generate_series(0, :people - 1) n",
    "INSERT INTO plan_site SELECT patient_id, site_id FROM plan",
    "INSERT INTO key_position SELECT 'maintenance', 'journal-submitted', patient_id::text, :each FROM plan",
    "INSERT INTO journal (journal_id, patient_id, session_id, position, written_at)"
    " SELECT gen_random_uuid(), patient_id, gen_random_uuid(), 'in-window', now() FROM plan, generate_series(1, :each)",
    "INSERT INTO audit_entry (at, actor, role, access, action, patient_id, record_id, site_id, correlation_id)"
    " SELECT now(), 'service:maintenance', 'service', 'write', 'journal-counted', patient_id, journal_id::text,"
    " 'riverside', '' FROM journal",
)
_ANNOUNCED = (
    "INSERT INTO outbox_counter SELECT 'journal-submitted', md5('patient-' || n), :each"
    " FROM generate_series(0, :people - 1) n",
    "INSERT INTO outbox (topic, key, key_seq, headers, payload, created_at)"
    " SELECT 'journal-submitted', md5('patient-' || n), s, repeat('h', 500), repeat('p', 380)::bytea, now()"
    " FROM generate_series(0, :people - 1) n, generate_series(1, :each) s",
    "DELETE FROM outbox",
)


def run(stage: Stage, size: Size) -> None:
    """Whoever is a patient today is few beside all who ever were, so the new journals come from as many patients
    whatever lies behind them; and, for the worst that can be, once more from all of them alike."""
    events = max(500, size.events // 3)
    today = size.history // JOURNALS_A_PATIENT
    answers: dict[str, dict[int, list[dict[str, float]]]] = {}

    def keep(name: str, times: int, answer: dict[str, float]) -> None:
        answers.setdefault(name, {}).setdefault(times, []).append(answer)

    for _ in range(size.rounds):
        for times in _TIMES:
            ever = today * times
            for name, people in ((f"applying, from {today:,} patients", today), ("applying, from all", ever)):
                prefix = stage.topics(journals(events, among=people, kept_before=JOURNALS_A_PATIENT))
                database = _grown(stage.database("maintenance"), _APPLIED, ever)
                keep(name, times, measured("ours.consume", f"kafka://{stage.server}/{prefix}", database, events))
            database = _grown(stage.database("integration"), _ANNOUNCED, ever)
            answer = measured("ours.relay", f"kafka://{stage.server}/{stage.topics()}", database, events)
            keep("relaying", times, answer)
    for name, of_times in answers.items():
        base = middle([answer["per_second"] for answer in of_times[1]])
        print_table(
            f"{name}: {events:,} of {TOPIC} after a history, {size.rounds} rounds, medians",
            ("events before", "events/s", "cost against 1× (must ≤ 1.1)", "memory at most, MB"),
            [
                (
                    f"{size.history * times:,}",
                    f"{(rate := middle([answer['per_second'] for answer in of_times[times]])):,.0f}",
                    f"{base / rate:.2f}",
                    f"{middle([answer['rss_mb'] for answer in of_times[times]]):.0f}",
                )
                for times in _TIMES
            ],
        )


def _grown(url: str, statements: tuple[str, ...], people: int) -> str:
    engine = open_engine(url)
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("SET statement_timeout = 0"))
        for statement in statements:
            connection.execute(text(statement), {"people": people, "each": JOURNALS_A_PATIENT})
        # years of journals were vacuumed and written out long ago: without these two, loading them is measured too
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))
    engine.dispose()
    return url
