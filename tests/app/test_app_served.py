"""Who is answered, and with what: plain HTTP, no browser."""

from __future__ import annotations

import http.client
import subprocess
import sys
import threading
import webbrowser
from urllib.parse import urlsplit

import pytest
import uvicorn
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

import synaprune
from synaprune.app.security import LoopbackOnly
from synaprune.app.serving import serve

HANDSHAKE = {
    "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}  # fmt: skip


def ask(address: str, path: str = "/", **headers: str):
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
    connection.putrequest("GET", path, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    try:
        found = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, found, b"" if answer.status == 101 else answer.read()
    finally:
        connection.close()


def test_the_page_is_served_with_its_protection(address):
    status, headers, page = ask(address)
    assert status == 200
    assert "default-src 'none'" in headers["content-security-policy"]
    assert b"Research use only, not for clinical decisions." in page


@pytest.mark.parametrize("host", ["rebound.example", "127.0.0.1", "localhost:1", "10.0.0.1:80"])
@pytest.mark.parametrize("path", ["/", "/websocket/", "/runs/paper/readouts.csv"])
def test_a_foreign_host_is_refused(address, host, path):
    extra = HANDSHAKE if path == "/websocket/" else {}
    assert ask(address, path, Host=host, **extra)[0] == 400


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:1",
                                    "https://127.0.0.1"])  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/websocket/", "/runs/paper/report.html"])
def test_a_foreign_origin_is_refused(address, origin, path):
    extra = HANDSHAKE if path == "/websocket/" else {}
    assert ask(address, path, Origin=origin, **extra)[0] == 403


@pytest.mark.parametrize("name", ["localhost", "[::1]", "127.0.0.1"])
def test_the_own_names_are_answered(address, name):
    own = f"{name}:{urlsplit(address).port}"
    assert ask(address, Host=own, Origin=f"http://{own}")[0] == 200
    assert ask(address, "/websocket/", Host=own, Origin=f"http://{own}", **HANDSHAKE)[0] == 101


@pytest.mark.parametrize("host", ["localhost", "[::1]", "127.0.0.1", "127.0.0.1:80"])
def test_at_port_80_browsers_leave_the_port_out(host):
    asked = Headers({"host": host, "origin": f"http://{host}"})
    assert LoopbackOnly(PlainTextResponse(""), 80).verdict(asked) == 200
    assert LoopbackOnly(PlainTextResponse(""), 8080).verdict(asked) == 400
    foreign = Headers({"host": host, "origin": "http://evil.example"})
    assert LoopbackOnly(PlainTextResponse(""), 80).verdict(foreign) == 403


def test_the_server_does_not_wait_for_the_browser(tmp_path, monkeypatch):
    """A browser in the terminal returns when it is left, and needs the page before."""
    serving, opened = threading.Event(), threading.Event()

    def browse(_):
        if serving.wait(10):
            opened.set()

    def run(*_, **__):
        serving.set()
        assert opened.wait(10)

    monkeypatch.setattr(webbrowser, "open", browse)
    monkeypatch.setattr(uvicorn.Server, "run", run)
    serve(tmp_path, port=0)


def test_the_help_says_who_else_can_open_it():
    command = [sys.executable, "-m", "synaprune", "app", "--help"]
    told = " ".join(
        subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    )
    assert "It has no login: on a shared machine, every other user can open it" in told


def test_downloads_are_the_run(address, runs):
    run = synaprune.load_run(runs / "paper")
    _, headers, table = ask(address, "/runs/paper/readouts.csv")
    assert table == run.to_frame().to_csv(index=False, lineterminator="\n").encode()
    assert headers["content-disposition"] == 'attachment; filename="paper-readouts.csv"'
    assert ask(address, "/runs/paper/study.yaml")[2] == (runs / "paper/study.yaml").read_bytes()
    figure = ask(address, "/runs/paper/figure.svg?profile=mdd&readout=depression_score")[2]
    assert b"<svg" in figure


def test_downloads_of_no_run_are_one_line(address):
    for path in (
        "/runs/nothing/readouts.csv",
        "/runs/%2e%2e/study.yaml",
        "/runs/damaged/layers.csv",
    ):
        status, _, line = ask(address, path)
        assert status == 404
        assert line.count(b"\n") <= 1
    assert ask(address, "/runs/paper/figure.svg?readout=depresion_score")[2].startswith(
        b"unknown readout 'depresion_score' in this run; did you mean 'depression_score'?"
    )


def test_a_port_in_use_is_one_line(address):
    port = str(urlsplit(address).port)
    command = [sys.executable, "-m", "synaprune", "app", "--no-browser", "--port", port]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    line = f"synaprune: --port {port}: is in use; choose another, or 0 for a free one\n"
    assert done.stderr == line
