"""Who is answered, and with what: plain HTTP, no browser."""

from __future__ import annotations

import http.client
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

import synaprune

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
