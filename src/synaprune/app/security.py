"""Who may talk to the explorer: pages that it served itself, opened on this machine.

A server on the loopback address can still be reached by any web page that is open in the same
browser. Checking the host that was asked for and the origin of the asking page closes both ways
in, and the content policy keeps the page from asking anybody else.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NAMES = ("localhost", "127.0.0.1", "[::1]")

#: The port that browsers leave out.
_UNSAID: Final = 80

#: What a page may do. Figures carry their colours as style attributes.
_POLICY = (
    "default-src 'none'; script-src 'self'{scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)

#: Sent with every answer, beside the policy.
PROTECTION: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


class LoopbackOnly:
    """Middleware that refuses foreign hosts (400) and foreign origins (403).

    Parameters
    ----------
    app
        What is protected, pages and websockets alike.
    port
        The port that a host must carry.
    page
        The page as served: scripts that stand in it are allowed by their hash, no others.
    """

    def __init__(self, app: ASGIApp, port: int, page: str = "") -> None:
        self._app = app
        self._headers = PROTECTION | {"Content-Security-Policy": _policy(page)}
        hosts = {f"{name}:{port}" for name in _NAMES}
        if port == _UNSAID:
            hosts.update(_NAMES)
        self._hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        status = self.verdict(Headers(scope=scope))
        if status is not HTTPStatus.OK:
            await _refuse(status, scope, receive, send)
            return

        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
            await send(message)

        await self._app(scope, receive, protected)

    def verdict(self, headers: Headers) -> HTTPStatus:
        """Say what a request with these headers is answered with.

        Examples
        --------
        >>> guard = LoopbackOnly(PlainTextResponse(""), 8000)
        >>> guard.verdict(Headers({"host": "localhost:8000"})).value
        200
        >>> guard.verdict(Headers({"host": "rebound.example:8000"})).value
        400
        """
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return HTTPStatus.BAD_REQUEST
        origins = headers.getlist("origin")
        if any(origin.lower() != f"http://{hosts[0].lower()}" for origin in origins):
            return HTTPStatus.FORBIDDEN
        return HTTPStatus.OK


def _policy(page: str) -> str:
    hashes = [
        f" 'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"
        for script in _INLINE_SCRIPT.findall(page)
    ]
    return _POLICY.format(scripts="".join(hashes))


_WORDS = {
    HTTPStatus.BAD_REQUEST: "The explorer answers to localhost alone, with its port.\n",
    HTTPStatus.FORBIDDEN: "The explorer answers to its own page alone.\n",
}


async def _refuse(status: HTTPStatus, scope: Scope, receive: Receive, send: Send) -> None:
    response = PlainTextResponse(_WORDS[status], status_code=status)
    if scope["type"] == "http":
        await response(scope, receive, send)
    elif "websocket.http.response" in scope.get("extensions", {}):
        await response(scope, receive, send)  # starlette turns it into a refused handshake
    else:
        await send({"type": "websocket.close", "code": 1008})
