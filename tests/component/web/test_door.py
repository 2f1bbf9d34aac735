"""What the door lets in: readable bodies, known addresses, known people."""

import json
from io import BytesIO

import pytest

from shared.web.reading import MAX_BODY_BYTES
from tests.support.tiny_app import Tiny

_DEEP = '{"a":' * 30 + "1" + "}" * 30
_ABYSS = '{"a":' * 100_000


def problem(answer, status: int, code: str) -> dict:
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.mimetype == "application/problem+json"
    body = json.loads(answer.get_data())
    assert body["type"] == f"urn:afterglow:problem:{code}"
    assert body["status"] == status
    assert body["title"]
    return body


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"",
        b'{"note": "a", "level": NaN}',
        b'{"note": "a", "level": Infinity}',
        b'{"note": "a", "level": -Infinity}',
        b'{"note": "a", "level": 1e999}',
        b'{"note": "a", "note": "b", "level": 1}',
        b'{"note": "\xff\xfe", "level": 1}',
        b'\xef\xbb\xbf{"note": "a", "level": 1}',
        '{"note": "a", "level": 1}'.encode("utf-16"),
        b'{"level": ' + b"9" * 5000 + b"}",
        b"[]",
        b"[1, 2]",
        b'"text"',
        b"null",
        b"3",
        _DEEP.encode(),
        _ABYSS.encode()[:200_000],
        b"[" * 100_000,
    ],
    ids=lambda raw: repr(raw[:24]),
)
def test_what_is_no_single_json_object_is_unreadable(tiny: Tiny, raw: bytes) -> None:
    answer = tiny.call("POST", "/cups", data=raw, content_type="application/json")
    if raw == b"":
        problem(answer, 422, "invalid")  # nothing at all counts as `{}`, which lacks the required fields
    else:
        problem(answer, 400, "unreadable")
    assert tiny.cups() == 0


@pytest.mark.parametrize(("depth", "status"), [(20, 422), (21, 400)])
def test_nesting_is_refused_from_the_twentyfirst_level(tiny: Tiny, depth: int, status: int) -> None:
    body = '{"a": ' * depth + "1" + "}" * depth
    answer = tiny.call("POST", "/cups", data=body, content_type="application/json")
    assert answer.status_code == status


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_a_body_of_another_content_type_is_415(tiny: Tiny, kind: str) -> None:
    answer = tiny.call("POST", "/cups", data=b'{"note": "a", "level": 1}', content_type=kind)
    problem(answer, 415, "unsupported-media-type")
    assert tiny.cups() == 0


def test_a_charset_beside_the_content_type_is_fine(tiny: Tiny) -> None:
    answer = tiny.call(
        "POST", "/cups", data='{"note": "Straße", "level": 1}'.encode(), content_type="application/json; charset=utf-8"
    )
    assert answer.status_code == 201
    assert answer.get_json()["note"] == "Straße"


def test_a_body_that_says_it_is_huge_is_413(tiny: Tiny) -> None:
    answer = tiny.call("POST", "/cups", data=b" " * (MAX_BODY_BYTES + 1), content_type="application/json")
    problem(answer, 413, "too-large")
    assert answer.headers["Connection"] == "close"


def test_a_body_of_exactly_the_largest_size_is_read(tiny: Tiny) -> None:
    text = b'{"note": "a", "level": 1}'
    answer = tiny.call("POST", "/cups", data=text.ljust(MAX_BODY_BYTES), content_type="application/json")
    assert answer.status_code == 201


def test_a_huge_body_in_chunks_without_a_length_is_413(tiny: Tiny) -> None:
    answer = tiny.call(
        "POST",
        "/cups",
        input_stream=BytesIO(b" " * (MAX_BODY_BYTES + 1)),
        content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
    )
    problem(answer, 413, "too-large")


def test_a_small_body_in_chunks_is_read(tiny: Tiny) -> None:
    answer = tiny.call(
        "POST",
        "/cups",
        input_stream=BytesIO(b'{"note": "a", "level": 1}'),
        content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
    )
    assert answer.status_code == 201


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "PUT", "TRACE", "FROBNICATE"])
def test_a_wrong_method_is_405_and_says_which_are_right(tiny: Tiny, method: str) -> None:
    answer = tiny.call(method, "/cups")
    problem(answer, 405, "method-not-allowed")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize(
    "path",
    ["/saucers", "/cups/", "//cups", "/cups/not-a-uuid", "/cups/%00", "/cups/%ED%A0%80", "/cups/1", "/../etc/passwd"],
)
def test_an_unknown_address_is_404(tiny: Tiny, path: str) -> None:
    problem(tiny.call("GET", path), 404, "not-found")


def test_options_needs_no_token_and_tells_only_the_methods(tiny: Tiny) -> None:
    answer = tiny.call("OPTIONS", "/cups", token="")
    assert answer.status_code == 200
    assert answer.get_data() == b""
    assert "POST" in answer.headers["Allow"]


def test_head_is_a_get_without_the_body(tiny: Tiny) -> None:
    made = tiny.new_cup("a")
    answer = tiny.call("HEAD", f"/cups/{made.get_json()['cup_id']}")
    assert (answer.status_code, answer.get_data(), answer.headers["ETag"]) == (200, b"", '"1"')
    assert tiny.call("HEAD", "/cups", token="").status_code == 401


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ('{"note": "a\\u0000b", "level": 1}', "/note"),
        ('{"note": "a\\ud800b", "level": 1}', "/note"),
        ('{"note": "a", "level": "\\u0000"}', "/level"),
        ('{"note": "a", "level": 1, "spoons": [{"grade": 1}, {"grade": "\\udfff"}]}', "/spoons/1/grade"),
        ('{"note": "a", "level": 1, "\\u0000": 1}', "/�"),
        ('{"note": "a", "level": 1, "a/b~\\ud800": 1}', "/a~1b~0�"),
    ],
)
def test_text_that_no_store_can_keep_is_pointed_at(tiny: Tiny, body: str, pointer: str) -> None:
    answer = tiny.call("POST", "/cups", data=body, content_type="application/json")
    assert problem(answer, 422, "invalid")["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize("query", ["?site_id=%00", "?cursor=%00", "?%00=1", "?site_id=%ED%A0%80", "?limit=%00"])
def test_text_that_no_store_can_keep_in_the_query_is_refused(tiny: Tiny, query: str) -> None:
    assert tiny.call("GET", f"/cups{query}").status_code in {404, 422}


@pytest.mark.parametrize("name", ["X-Correlation-Id", "Idempotency-Key", "If-Match", "If-None-Match", "traceparent"])
@pytest.mark.parametrize("value", ["\xff", "\x00", "a" * 5000, '"', "W/", "�".encode().decode("latin-1"), ","])
def test_no_header_makes_the_door_fall(tiny: Tiny, name: str, value: str) -> None:
    for method, path in (("POST", "/cups"), ("GET", "/cups")):
        answer = tiny.call(method, path, json={"note": "a", "level": 1}, headers={name: value})
        assert answer.status_code < 500


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic bmluYTpuaW5h", "Bearer a b c", "\xff", "Bearer \xff"]
)
def test_without_a_readable_token_nobody_is_let_in(tiny: Tiny, header: str) -> None:
    answer = tiny.call("GET", "/cups", token="", headers={"Authorization": header})
    problem(answer, 401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_role_that_may_not_is_403_before_its_body_is_looked_at(tiny: Tiny) -> None:
    answer = tiny.call("POST", "/cups", token=tiny.token("front_desk"), data=b"{", content_type="application/json")
    problem(answer, 403, "forbidden")


def test_a_route_without_a_row_in_the_table_is_refused_to_everybody(
    tiny: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.support import tiny_app

    monkeypatch.delitem(tiny_app.ROUTES, "POST /tiny/v1/cups")
    app = tiny.another_app()
    problem(tiny.new_cup("a", app=app), 403, "forbidden")
    app.deps.engine.dispose()


def test_every_answer_says_how_it_may_be_kept_and_traced(tiny: Tiny) -> None:
    for answer in (tiny.call("GET", "/cups"), tiny.call("GET", "/nowhere"), tiny.call("GET", "/cups", token="")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert len(answer.headers["X-Correlation-Id"]) == 32


@pytest.mark.parametrize(
    ("asked", "kept"), [("visit-7.a:b", True), ("Jane Doe", False), ("a" * 129, False), ("", False)]
)
def test_a_correlation_id_is_taken_over_only_when_it_is_an_id(tiny: Tiny, asked: str, kept: bool) -> None:
    answer = tiny.call("GET", "/cups", headers={"X-Correlation-Id": asked})
    assert (answer.headers["X-Correlation-Id"] == asked) is kept
