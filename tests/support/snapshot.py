"""How many rows each table of a house's services has: to prove that something wrote nothing. SQLite only."""

from tests.support.house import SERVICES, House


def snapshot(house: House) -> dict[str, int]:
    counts = {}
    for service in SERVICES:
        with house.service(service).deps.engine.connect().execution_options(afterglow_read_only=True) as connection:
            names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
            for name in names:
                counts[f"{service}.{name}"] = connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()
    return counts


def contents(house: House, *, without: set[str]) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but `without`: to prove that nothing changed. SQLite only."""
    found = {}
    for service in SERVICES:
        with house.service(service).deps.engine.connect().execution_options(afterglow_read_only=True) as connection:
            names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
            for name in set(names) - without:
                rows = connection.exec_driver_sql(f"SELECT * FROM {name}").all()
                found[f"{service}.{name}"] = sorted((tuple(row) for row in rows), key=repr)
    return found
