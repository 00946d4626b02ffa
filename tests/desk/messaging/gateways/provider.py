"""A provider of SMS over HTTP on loopback: takes letters, tells their state, breaks off as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

RECIPE = """
name = "Loopback"
prevents_doubles = "{prevents}"

[send]
url = "http://127.0.0.1:{port}/send"
headers = {{ Authorization = "Bearer {{secret}}" }}
each_in = "messages"
batch = 10
each = {{ to = "{{digits}}", text = "{{text}}", from = "{{sender}}", id = "{{key}}" }}

[send.whole]
code = "fault.code"
detail = "fault.text"
failed = ["locked"]
later = ["no_money"]

[send.answer]
code = "messages.{{n}}.code"
ref = "messages.{{n}}.id"
detail = "messages.{{n}}.text"
sent = ["ok"]
later = ["busy"]

[ask]
url = "http://127.0.0.1:{port}/state"
batch = 10
fields = {{ ids = "{{keys}}" }}

[ask.answer]
code = "{{key}}"
sent = ["on_its_way"]
delivered = ["here"]
unknown = ["never"]

[reports]
items = "reports"
ref = "id"
key = "own"
code = "state"
delivered = ["here"]
failed = ["gone"]

[answers]
items = "answers"
ref = "id"
address = "from"
text = "text"
reply = "ok"
"""


@dataclass
class Provider:
    """What it took, and how it behaves."""

    port: int = 0
    taken: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, dict[str, Any], dict[str, str]]] = field(default_factory=list)
    """Path, body and heads of each request."""
    refuses: dict[str, str] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    status: int = 200
    fault: str = ""
    silent: set[str] = field(default_factory=set)
    """Numbers at which the line is cut after the letter was taken."""
    knows_keys: bool = True
    pause: float = 0
    location: str = ""

    def answer(self, path: str, told: dict[str, Any]) -> dict[str, Any] | None:
        if self.fault:
            return {"fault": {"code": self.fault, "text": "as told"}}
        if path == "/state":
            known = {letter["id"] for letter in self.taken}
            keys = told["ids"].split(",")
            return {key: self.states.get(key, "on_its_way") if key in known else "never" for key in keys}
        answers = [self._take(letter) for letter in told["messages"]]
        is_cut = any(letter["to"] in self.silent for letter in told["messages"])
        return None if is_cut else {"messages": answers}

    def _take(self, letter: dict[str, Any]) -> dict[str, str]:
        if code := self.refuses.get(letter["to"]):
            return {"code": code, "text": "as told"}
        if not self.knows_keys or letter["id"] not in {other["id"] for other in self.taken}:
            self.taken.append(letter)
        return {"code": "ok", "id": f"r-{letter['id']}"}


@contextmanager
def running() -> Iterator[Provider]:
    """A provider that listens on a port of its own."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told = json.loads(body)
            provider.asked.append((self.path, told, dict(self.headers)))
            time.sleep(provider.pause)
            answer = provider.answer(self.path, told) if provider.status < 300 else {}
            if answer is None:
                self.close_connection = True
                return
            self._say(json.dumps(answer).encode())

        def _say(self, body: bytes) -> None:
            self.send_response(provider.status)
            if provider.location:
                self.send_header("Location", provider.location)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider.port = server.server_address[1]
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    yield provider
    server.shutdown()
    server.server_close()
    thread.join(5)
