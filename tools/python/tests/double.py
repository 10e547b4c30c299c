"""An HTTP double of `POST /v1/events`, on a Unix socket, that can misbehave."""

import json
import os
import socketserver
import threading
import time
from http.server import BaseHTTPRequestHandler
from typing import Any, Callable, Dict, List, Optional, Tuple


class Double:
    """Records events by their key, all of a batch or none. `plan` holds what to do with the next
    requests: an HTTP status, "lost before", "lost after", or a number of seconds to be slow."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.recorded: List[Dict[str, Any]] = []
        self.keys: Dict[str, int] = {}
        self.plan: List[Any] = []
        self.always: Any = None
        self.bad: Callable[[Dict[str, Any]], bool] = lambda event: False
        self.events_max = 256
        self.heads: List[str] = []
        self.posts = 0
        self.lock = threading.Lock()
        self._server: Optional[socketserver.BaseServer] = None

    def start(self) -> "Double":
        double = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def address_string(self) -> str:
                return "unix"

            def log_message(self, *args: Any) -> None:
                pass

            def do_POST(self) -> None:
                double.answer(self)

        class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
            daemon_threads = True

            def get_request(self) -> Tuple[Any, Any]:
                request, _ = super().get_request()
                double.open.append(request)
                return request, ("unix", 0)

            def handle_error(self, *args: Any) -> None:
                pass

        self.open: List[Any] = []
        if os.path.exists(self.path):
            os.unlink(self.path)
        self._server = Server(self.path, Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def stop(self) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()
        for each in self.open:
            try:
                each.shutdown(2)
            except OSError:
                pass
        if os.path.exists(self.path):
            os.unlink(self.path)

    def answer(self, to: BaseHTTPRequestHandler) -> None:
        body = to.rfile.read(int(to.headers["Content-Length"]))
        self.posts += 1
        self.heads.append(f"{to.path}\n{to.headers}")
        act = self.plan.pop(0) if self.plan else self.always
        if isinstance(act, float):
            time.sleep(act)
        if act == "lost before":
            return self._cut(to)
        events = [json.loads(line) for line in body.split(b"\n") if line]
        if isinstance(act, int):
            return self._say(to, act, {"title": "as planned"})
        if len(events) > self.events_max:
            return self._say(to, 413, {"title": "too large"})
        for at, event in enumerate(events):
            if self.bad(event):
                return self._say(to, 400, {"title": "bad", "detail": "no good", "line": at + 1})
        rows = self._record(events, to.path)
        if act == "lost after":
            return self._cut(to)
        self._say(to, 200, rows)

    def _record(self, events: List[Dict[str, Any]], target: str) -> List[Dict[str, Any]]:
        rows = []
        with self.lock:
            for event in events:
                key = self._key(event)
                new = key not in self.keys
                if new:
                    self.recorded.append({**event, "target": target})
                    self.keys[key] = len(self.recorded)
                rows.append({"seq": self.keys[key], "duplicate": not new})
        return rows

    @staticmethod
    def _key(event: Dict[str, Any]) -> str:
        if "payload" in event:
            return json.dumps(event["payload"])
        if event.get("id"):
            return event["id"]
        names = ("type", "account", "mode", "trade", "order", "status", "time", "claimed_matched")
        return json.dumps([event.get(name) for name in names])

    @staticmethod
    def _cut(to: BaseHTTPRequestHandler) -> None:
        to.close_connection = True
        to.connection.shutdown(2)

    @staticmethod
    def _say(to: BaseHTTPRequestHandler, status: int, value: Any) -> None:
        data = json.dumps(value).encode()
        to.send_response(status)
        kind = "application/json" if status == 200 else "application/problem+json"
        to.send_header("Content-Type", kind)
        to.send_header("Content-Length", str(len(data)))
        to.end_headers()
        to.wfile.write(data)
