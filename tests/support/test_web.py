import urllib.request

from tests.support.web import Answer, Web


def test_serves_routes_and_records_requests() -> None:
    with Web() as web:
        web.route("/a", body="hello", headers={"X-One": "1"})
        web.answer("/b", lambda request: Answer(request.form["x"], 201))
        with urllib.request.urlopen(web.url("/a?q=1")) as answer:
            assert (answer.read(), answer.headers["X-One"]) == (b"hello", "1")
        with urllib.request.urlopen(web.url("/b"), data=b"x=%C3%A9") as answer:
            assert (answer.status, answer.read().decode()) == (201, "é")
        assert [(r.method, r.path) for r in web.requests] == [("GET", "/a?q=1"), ("POST", "/b")]


def test_serves_on_another_loopback_address() -> None:
    with Web("127.0.0.2") as web:
        web.raw("/raw", lambda connection, request: connection.sendall(b"HTTP/1.0 200 OK\r\n\r\nraw"))
        with urllib.request.urlopen(web.url("/raw")) as answer:
            assert answer.read() == b"raw"
