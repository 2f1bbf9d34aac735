"""What other teams build against is committed, and is what the code says (OpenAPI: tests/component/web)."""

from shared.contracts.export import FOLDER, exported


def test_the_committed_event_schemas_are_those_of_the_code() -> None:
    committed = {path.name: path.read_text() for path in FOLDER.iterdir()}

    assert committed == exported(), "run `make contracts` and commit what it writes"
