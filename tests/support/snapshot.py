"""How many rows each table of a house's services has: to prove that something wrote nothing. SQLite only."""

from tests.support.house import SERVICES, House


def snapshot(house: House) -> dict[str, int]:
    counts = {}
    for service in SERVICES:
        with house.service(service).deps.engine.execution_options(afterglow_read_only=True).connect() as connection:
            names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
            for name in names:
                counts[f"{service}.{name}"] = connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()
    return counts
