"""What a house of services knows, as one hash a service, so that two ways to the same facts can be compared.

Every row of every domain table, in order. Ids that the scenario named stand by their names; all other ids (surrogates,
which are drawn anew in each run) as `~`, in whatever text they stand; sealed bytes, whose nonce is random, by their
length. Messaging's own tables, whose rows differ by design, and audit entries are left out. The house's clock stands
still, so that times are compared as they are.
"""

import hashlib
import importlib
import re
from collections.abc import Mapping

from sqlalchemy import select

from tests.support.house import SERVICES, House

_ID = re.compile(r"\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b")


def state_of(house: House, names: Mapping[str, str]) -> dict[str, str]:
    """Service → hash; `names` are ids by what the scenario calls them."""
    rows = {service: rows_of(house, service, names) for service in SERVICES}
    return {service: hashlib.sha256("\n".join(lines).encode()).hexdigest() for service, lines in rows.items()}


def rows_of(house: House, service: str, names: Mapping[str, str]) -> list[str]:
    """What is hashed, a line a row."""
    named = {identity.replace("-", ""): name for name, identity in names.items()}
    base = importlib.import_module(f"services.{service}.store.tables").Base
    lines = []
    with house.service(service).unit_of_work() as uow:
        for table in base.metadata.sorted_tables:
            found = [_line(row, named) for row in uow.connection.execute(select(table)).mappings()]
            lines += [f"{table.name}: {line}" for line in sorted(found)]
    return lines


def _line(row: Mapping[str, object], named: Mapping[str, str]) -> str:
    return " ".join(f"{name}={_word(value, named)}" for name, value in row.items())


def _word(value: object, named: Mapping[str, str]) -> str:
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return _ID.sub(lambda found: named.get(found[0].replace("-", ""), "~"), str(value))
