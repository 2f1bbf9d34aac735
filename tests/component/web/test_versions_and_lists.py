"""ETags and If-Match, conditional reads, lists and their cursors."""

import base64
import json
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.support.tiny_app import Tiny


@pytest.fixture
def cup(tiny: Tiny) -> str:
    return str(tiny.new_cup("a").get_json()["cup_id"])


def put(tiny: Tiny, cup: str, tag: str | None, level: object = 5):
    headers = {} if tag is None else {"If-Match": tag}
    return tiny.call("PUT", f"/cups/{cup}/level", json={"level": level}, headers=headers)


@pytest.mark.parametrize(
    ("tag", "status"),
    [
        (None, 428),
        ("", 428),
        ("  ", 428),
        ('"1"', 200),
        ("*", 200),
        ('"7", "1"', 200),
        ('W/"1"', 412),
        ('W/"1", "1"', 200),
        ('"2"', 412),
        ('"0"', 412),
        ('"1', 412),
        ('""', 412),
        (",,,", 412),
        ('"' + "9" * 400 + '"', 412),
    ],
)
def test_a_change_needs_the_version_that_was_read(tiny: Tiny, cup: str, tag: str | None, status: int) -> None:
    answer = put(tiny, cup, tag)
    assert answer.status_code == status, answer.get_json()
    now = tiny.call("GET", f"/cups/{cup}")
    assert (now.get_json()["level"], now.headers["ETag"]) == ((5, '"2"') if status == 200 else (1, '"1"'))


def test_each_change_grows_the_version_that_the_next_one_needs(tiny: Tiny, cup: str) -> None:
    tag = put(tiny, cup, '"1"').headers["ETag"]
    assert tag == '"2"'
    assert put(tiny, cup, '"1"').status_code == 412
    assert put(tiny, cup, tag, level=6).headers["ETag"] == '"3"'


def test_an_invalid_change_changes_nothing(tiny: Tiny, cup: str) -> None:
    assert put(tiny, cup, '"1"', level=11).status_code == 422
    assert tiny.call("GET", f"/cups/{cup}").headers["ETag"] == '"1"'


def test_a_missing_record_is_404_whatever_the_version(tiny: Tiny) -> None:
    assert put(tiny, str(uuid4()), None).status_code == 404


def test_whoever_polls_gets_304_until_something_changes(tiny: Tiny, cup: str) -> None:
    first = tiny.call("GET", f"/cups/{cup}/poll")
    tag = first.headers["ETag"]
    for value in (tag, f'W/{tag}, "x"', "*"):
        same = tiny.call("GET", f"/cups/{cup}/poll", headers={"If-None-Match": value})
        assert (same.status_code, same.get_data()) == (304, b"")
    put(tiny, cup, '"1"')
    changed = tiny.call("GET", f"/cups/{cup}/poll", headers={"If-None-Match": tag})
    assert (changed.status_code, changed.get_json()["level"]) == (200, 5)


def fill(tiny: Tiny, count: int) -> list[str]:
    made = []
    for number in range(count):
        made.append(tiny.new_cup(f"cup {number}").get_json()["cup_id"])
        if number % 2:
            tiny.clock.advance(timedelta(seconds=1))  # pairs share their instant: the id decides
    return made


def walk(tiny: Tiny, query: str) -> list[list[str]]:
    pages, cursor = [], ""
    while True:
        body = tiny.call("GET", f"/cups?{query}{cursor}").get_json()
        pages.append([item["cup_id"] for item in body["items"]])
        if body["next"] is None:
            return pages
        cursor = f"&cursor={body['next']}"


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
def test_every_record_stands_on_exactly_one_page(tiny: Tiny, limit: int) -> None:
    made = fill(tiny, 7)
    pages = walk(tiny, f"limit={limit}")
    assert sorted(cup for page in pages for cup in page) == sorted(made)
    assert {len(page) for page in pages[:-1]} <= {limit}
    assert len(pages[-1]) >= 1


def test_a_record_that_changes_while_it_is_read_moves_to_the_end_and_nothing_is_lost(tiny: Tiny) -> None:
    made = fill(tiny, 6)
    first = tiny.call("GET", "/cups?limit=2").get_json()
    tiny.clock.advance(timedelta(seconds=5))
    seen = [item["cup_id"] for item in first["items"]]
    assert put(tiny, seen[0], '"1"').status_code == 200
    rest = tiny.call("GET", f"/cups?cursor={first['next']}").get_json()
    again = [item["cup_id"] for item in rest["items"]]
    assert again[-1] == seen[0]
    assert set(seen + again) == set(made)


def test_updated_since_is_inclusive(tiny: Tiny) -> None:
    fill(tiny, 4)
    at = tiny.clock.now() - timedelta(seconds=1)
    stamp = at.isoformat().replace("+00:00", "Z")
    assert len(tiny.call("GET", f"/cups?updated_since={stamp}").get_json()["items"]) == 2
    later = (at + timedelta(microseconds=1)).isoformat().replace("+00:00", "Z")
    assert tiny.call("GET", f"/cups?updated_since={later}").get_json()["items"] == []


def forge(place: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "a",
        "%%%",
        "\u00e9",
        "[" * 199,
        forge({}),
        forge([]),
        forge(["2026-03-02T17:00:00+00:00"]),
        forge(["yesterday", str(uuid4())]),
        forge(["0001-01-01T00:00:00+14:00", str(uuid4())]),
        forge(["9999-12-31T23:59:59-12:00", str(uuid4())]),
        forge([1, 2]),
        forge([None, None]),
        forge(["2026-03-02T17:00:00+00:00", 7]),
        forge(["2026-03-02T17:00:00+00:00", "7"]),
        forge(["2026-03-02T17:00:00+00:00", str(uuid4()), 1]),
        forge([10**40]),
        base64.urlsafe_b64encode(b"[" * 90_000).decode(),
        "a" * 100_000,
    ],
    ids=lambda cursor: cursor[:20] or "empty",
)
def test_a_cursor_that_was_tampered_with_is_422(tiny: Tiny, cursor: str) -> None:
    answer = tiny.call("GET", "/cups", query_string={"cursor": cursor})
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["pointer"] == "/cursor"


def test_a_naive_instant_in_a_forged_cursor_does_no_harm(tiny: Tiny) -> None:
    answer = tiny.call("GET", "/cups", query_string={"cursor": forge(["2026-03-02T17:00:00", str(uuid4())])})
    assert answer.status_code in {200, 422}


@pytest.mark.parametrize("place", [[True], [1.5], ["1"], [-1], [2**63], [10**40], [None], [1, 2], {}])
def test_the_audits_cursor_is_checked_too(tiny: Tiny, place: object) -> None:
    answer = tiny.call(
        "GET",
        "/audit",
        query_string={"patient_id": str(uuid4()), "cursor": forge(place)},
        token=tiny.token("privacy_officer"),
    )
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=0", "/limit"),
        ("limit=501", "/limit"),
        ("limit=ten", "/limit"),
        ("limit=1e3", "/limit"),
        ("limit=" + "9" * 5000, "/limit"),
        ("updated_since=yesterday", "/updated_since"),
        ("updated_since=2026-03-02T10:00:00", "/updated_since"),
        ("updated_since=0001-01-01T00:00:00%2B14:00", "/updated_since"),
        ("updated_since=9999-12-31T23:59:59-12:00", "/updated_since"),
        ("site_id=harbor", "/site_id"),
        ("site_id=riverside&site_id=nowhere", "/site_id"),
        ("site_id=", "/site_id"),
    ],
)
def test_what_is_wrong_with_a_query_is_pointed_at(tiny: Tiny, query: str, pointer: str) -> None:
    answer = tiny.call("GET", f"/cups?{query}")
    assert answer.status_code == (404 if pointer == "/site_id" else 422)
    assert [error["pointer"] for error in answer.get_json()["errors"]] == [pointer]


@pytest.mark.parametrize("limit", [1, 500])
def test_the_smallest_and_largest_limit_are_taken(tiny: Tiny, limit: int) -> None:
    assert tiny.call("GET", f"/cups?limit={limit}").status_code == 200
