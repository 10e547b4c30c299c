#!/usr/bin/env python3
"""A running recorder, asked as its clients do: HTTP, WebSocket, lines. DAYBOOK_BIN names daybook."""
import base64, concurrent.futures, gzip, http.client, json, os, pathlib, random, signal, socket, stat
import struct, subprocess, tempfile, time, unittest

BIN = os.environ["DAYBOOK_BIN"]


def fill(number, market="m1"):
    return {"type": "fill", "time": "2025-12-13T14:31:00Z", "venue": "polymarket", "mode": "live",
            "market": market, "trade": f"t{number}", "order": f"o{number}", "outcome": "Up",
            "side": "buy", "shares": "2", "cost": "1"}


def quote(number):
    return {"type": "quote", "venue": "polymarket", "market": "m1", "outcome": "Up", "bid": "0.4",
            "ask": "0.5", "id": f"q{number}"}


CLIENTS = []


class WebSocket:
    """RFC 6455, as much as a client of ours needs."""

    def __init__(self, port, target, token=None, origin=None, host=None):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        lines = [f"GET {target} HTTP/1.1", f"Host: {host or f'127.0.0.1:{port}'}", "Upgrade: websocket",
                 "Connection: Upgrade", "Sec-WebSocket-Version: 13",
                 "Sec-WebSocket-Key: " + base64.b64encode(os.urandom(16)).decode()]
        if token: lines.append("Authorization: Bearer " + token)
        if origin: lines.append("Origin: " + origin)
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.rest = b""
        CLIENTS.append(self.socket)
        while b"\r\n\r\n" not in self.rest:
            more = self.socket.recv(4096)
            if not more: raise EOFError
            self.rest += more
        head, self.rest = self.rest.split(b"\r\n\r\n", 1)
        self.status = int(head.split()[1])

    def send(self, value):
        data = json.dumps(value).encode()
        short = len(data) < 126
        head = bytes([0x81, 0x80 | (len(data) if short else 126)]) + (b"" if short else struct.pack("!H", len(data)))
        mask = os.urandom(4)
        self.socket.sendall(head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data)))

    def take(self, count):
        while len(self.rest) < count:
            more = self.socket.recv(65536)
            if not more: raise EOFError
            self.rest += more
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def message(self):
        text = b""
        while True:
            kind, length = self.take(2)
            if length == 126: length, = struct.unpack("!H", self.take(2))
            elif length == 127: length, = struct.unpack("!Q", self.take(8))
            data = self.take(length)
            if kind & 15 == 8: raise EOFError(data)
            if kind & 15 < 2: text += data
            if kind & 15 < 2 and kind & 128: return json.loads(text)


class Beside(unittest.TestCase):
    """A recorder that runs during each test, and those who ask it."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.data = self.folder.name + "/data"
        subprocess.run([BIN, "--data", self.data, "init"], check=True, stdout=subprocess.DEVNULL)
        self.start()

    def tearDown(self):
        while CLIENTS: CLIENTS.pop().close()
        if self.process.poll() is None: self.stop()
        self.folder.cleanup()

    def start(self):
        self.log = open(self.folder.name + "/log", "ab")
        self.process = subprocess.Popen([BIN, "--data", self.data, "serve", "--port", "0", "-v"],
                                        stdout=subprocess.PIPE, stderr=self.log)
        self.said = self.process.stdout.readline().decode()
        self.port = int(self.said.split("127.0.0.1:")[1].split()[0])
        self.token = {role: pathlib.Path(self.data, "keys", role + ".token").read_text().strip()
                      for role in ("append", "admin")}
        for _ in range(500):
            if self.get("/readyz")[0] == 200: return
            time.sleep(0.01)
        self.fail("it never became ready")

    def stop(self, number=signal.SIGTERM):
        if self.process.poll() is None: self.process.send_signal(number)
        self.process.wait(timeout=30)
        self.process.stdout.close()
        self.log.close()
        return self.process.returncode

    def request(self, method, target, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, target, body, headers or {})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        is_json = "json" in answer.getheader("Content-Type", "") and "nd" not in answer.getheader("Content-Type")
        return answer.status, json.loads(text) if is_json else text

    def get(self, target, **headers):
        return self.request("GET", target, None, headers)

    def post(self, target, value, role="append", **headers):
        sent = {"Content-Type": "application/json"}
        if role: sent["Authorization"] = "Bearer " + self.token[role]
        sent.update(headers)
        return self.request("POST", target, json.dumps(value) if not isinstance(value, str) else value, sent)

    def cli(self, *words):
        return subprocess.run([BIN, "--data", self.data, *words], capture_output=True, text=True)

    def events(self):
        return [json.loads(line) for line in self.get("/v1/events")[1].splitlines()]


class Serving(Beside):
    # What is recorded.

    def test_what_was_answered_survives_kill_9_and_nothing_is_there_twice(self):
        acknowledged = {}
        for round in range(3):
            for number in range(round * 20, round * 20 + 20):
                status, answer = self.post("/v1/events", fill(number))
                self.assertEqual(status, 200)
                acknowledged[f"t{number}"] = answer[0]["seq"]
            self.stop(signal.SIGKILL)
            self.start()
        self.assertEqual(self.post("/v1/events", fill(7))[1],
                         [{"seq": acknowledged["t7"], "duplicate": True}])
        found = {e["trade"]: e["seq"] for e in self.events() if e["type"] == "fill"}
        self.assertEqual(found, acknowledged)

    def test_a_batch_is_recorded_whole_or_not_at_all(self):
        before = len(self.events())
        for bad in ([fill(1), {"type": "no such"}], [fill(1), {"type": "fill"}], "[", "{}", ""):
            status, answer = self.post("/v1/events", bad)
            self.assertEqual((status, answer["status"]), (400, 400), bad)
        self.assertEqual(len(self.events()), before)
        status, answer = self.post("/v1/events", [fill(1), fill(2), fill(1)])
        self.assertEqual([a["duplicate"] for a in answer], [False, False, True])
        lines = "\n".join(json.dumps(fill(n)) for n in (3, 4))
        status, answer = self.post("/v1/events", lines, **{"Content-Type": "application/x-ndjson"})
        self.assertEqual((status, len(answer)), (200, 2))

    def test_a_venues_frame_that_cannot_be_read_is_kept(self):
        status, answer = self.post("/v1/events?venue=polymarket", '{"event_type":"unheard of"}',
                                   **{"Content-Type": "application/x-ndjson"})
        self.assertEqual((status, len(answer)), (200, 1))
        self.assertEqual(answer[0]["unparsed"], True)
        self.assertEqual(self.events()[answer[0]["seq"] - 1]["type"], "unparsed")

    def test_an_answer_shows_what_was_recorded_before_it_was_asked(self):
        for number in range(10):
            self.post("/v1/events", fill(number))
            status, answer = self.get("/v1/query/positions")
            self.assertEqual(answer["positions"][0]["outcomes"][0]["matched"], str(2 * number + 2))

    def test_http_and_the_command_line_say_the_same(self):
        for number in range(30): self.post("/v1/events", fill(number, f"m{number % 3}"))
        for name in ("positions", "pnl", "cash", "orders", "fills", "hedge", "health", "findings"):
            self.assertEqual(self.get("/v1/query/" + name)[1],
                             json.loads(self.cli("query", name, "--json").stdout), name)

    def test_events_that_are_not_there_are_no_line_and_their_words_no_error(self):
        self.post("/v1/events", {"type": "note", "text": "hello", "kind": "error", "v": 1})
        status, line = self.get("/v1/query/events?type=note")
        self.assertEqual((status, line["extra"]["kind"]), (200, "error"))
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", "/v1/query/events?type=fill")
        answer = connection.getresponse()
        self.assertEqual((answer.status, answer.read()), (200, b""))
        connection.close()

    def test_a_head_is_answered_as_a_get_without_its_body(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        for target in ("/healthz", "/v1/query/positions", "/v1/events", "/nowhere"):
            connection.request("HEAD", target)
            answer = connection.getresponse()
            status, body, is_open = answer.status, answer.read(), not answer.will_close
            self.assertEqual((status, body, is_open), (self.get(target)[0], b"", True), target)
        connection.close()

    def test_lines_down_the_socket_are_answered_in_order(self):
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(self.data + "/daybook.sock")
            sent = [fill(1), {"type": "no such"}, [fill(2), fill(3)]]
            line.sendall("".join(json.dumps(s) + "\n" for s in sent).encode())
            with line.makefile() as stream:
                first, second, third = (json.loads(stream.readline()) for _ in range(3))
        self.assertEqual(len(first), 1)
        self.assertEqual(second["status"], 400)
        self.assertEqual([a["seq"] for a in third], [first[0]["seq"] + 1, first[0]["seq"] + 2])

    # Streams.

    def test_a_stream_goes_from_the_past_into_the_present_without_a_gap_or_a_repeat(self):
        self.post("/v1/events", [quote(n) for n in range(700)])
        stream = WebSocket(self.port, "/v1/stream?from=1")
        self.assertEqual(stream.status, 101)
        with concurrent.futures.ThreadPoolExecutor() as pool:
            def write():
                for batch in range(40):
                    self.post("/v1/events", [quote(f"{batch}.{n}") for n in range(25)])
            writing = pool.submit(write)
            seen = [stream.message()["seq"] for _ in range(1701)]
            writing.result()
        self.assertEqual(seen, list(range(1, 1702)))

    def test_a_subscriber_that_does_not_read_holds_up_nobody_and_misses_nothing(self):
        idle = WebSocket(self.port, "/v1/stream?from=1")
        for batch in range(30):
            status, _ = self.post("/v1/events", [quote(f"{batch}.{n}") | {"extra_text": "x" * 200} for n in range(400)])
            self.assertEqual(status, 200)
        self.assertEqual([idle.message()["seq"] for _ in range(12001)], list(range(1, 12002)))

    def test_messages_are_batches_when_the_stream_was_opened_with_a_token(self):
        stream = WebSocket(self.port, "/v1/stream?events=false", self.token["append"])
        for number in range(20): stream.send(fill(number))
        answers = sorted((stream.message() for _ in range(20)), key=lambda a: a["message"])
        self.assertEqual([a["events"][0]["seq"] for a in answers], list(range(2, 22)))
        stream.send({"type": "no such"})
        self.assertEqual(stream.message()["problem"]["status"], 400)
        reader = WebSocket(self.port, "/v1/stream?events=false")
        reader.send(fill(99))
        self.assertEqual(reader.message()["problem"]["status"], 403)

    # Who gets in.

    def test_writing_needs_the_token_of_the_role(self):
        self.assertEqual(self.post("/v1/events", fill(1), role=None)[0], 401)
        self.assertEqual(self.post("/v1/events", fill(1), role=None, Authorization="Bearer x")[0], 401)
        self.assertEqual(self.get("/v1/query/positions", Authorization="Bearer x")[0], 401)
        self.assertEqual(self.get("/v1/query/positions", Authorization="Bearer ")[0], 401)
        self.assertEqual(self.post("/v1/projections/plan", {"names": ["pnl"]})[0], 403)
        self.assertEqual(self.post("/v1/projections/plan", {"names": ["pnl"]}, role="admin")[0], 200)
        for role in ("append", "admin"):
            mode = os.stat(f"{self.data}/keys/{role}.token").st_mode
            self.assertEqual(stat.S_IMODE(mode), 0o600)
        self.assertEqual(stat.S_IMODE(os.stat(self.data + "/daybook.sock").st_mode), 0o600)

    def test_another_host_or_origin_gets_nothing(self):
        for target in ("/healthz", "/v1/query/positions", "/v1/events", "/metrics", "/v1/stream"):
            self.assertEqual(self.get(target, Host=f"evil.example:{self.port}")[0], 421, target)
            self.assertEqual(self.get(target, Origin="http://evil.example")[0], 403, target)
            self.assertEqual(self.get(target, Origin="null")[0], 403, target)
        self.assertEqual(WebSocket(self.port, "/v1/stream", origin="http://evil.example").status, 403)
        ours = f"Host: 127.0.0.1:{self.port}\r\n"
        for headers, status in ((ours + "Host: evil.example\r\n", b"421"),
                                (ours + "Authorization: Bearer x\r\nAuthorization: Bearer y\r\n", b"400")):
            with socket.create_connection(("127.0.0.1", self.port)) as line:
                line.sendall(f"GET /healthz HTTP/1.1\r\n{headers}\r\n".encode())
                self.assertEqual(line.recv(4096).split()[1], status, headers)
        self.assertEqual(self.post("/v1/events", fill(1), **{"Content-Type": "text/plain"})[0], 415)
        self.assertEqual(self.request("OPTIONS", "/v1/events")[0], 405)

    def test_no_token_stands_in_a_log_or_an_answer(self):
        for role in ("append", "admin"): self.post("/v1/events", fill(1), role=role)
        self.post("/v1/events", {"type": "note", "text": "x"}, role=None, Authorization="Bearer " + self.token["admin"] + "x")
        self.stop()
        for path in pathlib.Path(self.folder.name).rglob("*"):
            if path.is_file() and path.suffix != ".token":
                content = path.read_bytes()
                for token in self.token.values(): self.assertNotIn(token.encode(), content, path)

    def test_a_request_that_is_too_large_or_makes_no_sense_is_told_so(self):
        self.assertEqual(self.post("/v1/events", "[" + " " * (1 << 20) + "]")[0], 413)
        self.assertEqual(self.get("/healthz", Long="x" * 9000)[0], 431)
        for target, status in (("/v1/query/nothing", 404), ("/v1/query/positions?at=yesterday", 400),
                               ("/v1/query/positions?data=/etc", 400), ("/nothing", 404),
                               ("/v1/events?from=x", 400), ("/v1/query/positions?mode=both", 400),
                               ("/%00", 400), ("/v1/query/../../etc/passwd", 404),
                               ("/v1/stream", 426), ("/v1/why/nothing", 400)):
            self.assertEqual(self.get(target)[0], status, target)
        with socket.create_connection(("127.0.0.1", self.port)) as raw:
            raw.sendall(b"\x00\xff nonsense\r\n\r\n")
            self.assertTrue(raw.recv(100).startswith(b"HTTP/1.1 400"))

    # Operation.

    def test_a_reset_beside_it_swaps_under_its_feet_and_it_goes_on(self):
        for number in range(50): self.post("/v1/events", fill(number))
        plan = self.post("/v1/projections/plan", {"names": ["pnl", "positions"]}, role="admin")[1]
        self.post("/v1/events", fill(50))
        self.assertEqual(self.post("/v1/projections/apply", {"plan": plan["plan"]}, role="admin")[0], 409)
        done = self.post("/v1/projections/apply", {"plan": plan["plan"], "grown": True}, role="admin")
        self.assertEqual(done[0], 200, done)
        self.post("/v1/events", fill(51))
        self.assertEqual(self.get("/v1/query/positions")[1]["positions"][0]["outcomes"][0]["matched"], "104")
        self.assertEqual(self.get("/v1/query/pnl")[1]["bought"], "52")
        self.assertEqual(self.cli("projections", "revert", "pnl").returncode, 0)
        self.post("/v1/events", fill(52))
        self.assertEqual(self.get("/v1/query/pnl")[1]["bought"], "53")
        self.stop()
        self.cli("projections", "prune", "pnl")
        plan = json.loads(self.cli("projections", "reset", "pnl", "positions", "orders", "--json").stdout)
        done = json.loads(self.cli("projections", "apply", plan["plan"], "--json").stdout)
        for outcome in done["projections"]:  # folded live, through swaps: the same rows as built at once
            self.assertEqual(outcome["digest_before"], outcome["digest_after"])
    def test_a_stop_leaves_a_clean_journal_and_says_so(self):
        self.post("/v1/events", fill(1))
        self.assertEqual(self.stop(), 0)
        kinds = [json.loads(line)["type"] for line in self.cli("query", "events", "--json").stdout.splitlines()]
        self.assertEqual(kinds, ["recorder_started", "fill", "recorder_stopped"])
        self.assertEqual(self.cli("verify").returncode, 0)
        self.assertFalse(os.path.exists(self.data + "/daybook.sock"))

    def test_a_stop_waits_for_nobody_who_is_owed_nothing(self):
        idle = [socket.create_connection(("127.0.0.1", self.port)) for _ in range(3)]
        line = socket.socket(socket.AF_UNIX)
        line.connect(self.data + "/daybook.sock")
        line.sendall(json.dumps(fill(1)).encode() + b"\n")
        line.recv(1000)
        kept = http.client.HTTPConnection("127.0.0.1", self.port)
        kept.request("GET", "/healthz")
        kept.getresponse().read()
        reader = WebSocket(self.port, "/v1/stream?from=1")
        self.assertEqual(reader.message()["type"], "recorder_started")
        CLIENTS.extend([*idle, line, kept.sock])
        self.process.send_signal(signal.SIGINT)
        with self.assertRaises(EOFError):
            while True: reader.message()
        reader.socket.close()
        self.process.wait(timeout=3)
        self.assertEqual(self.stop(), 0)

    def test_those_who_answer_keep_nothing_of_the_recorder(self):
        self.get("/v1/query/positions")
        children = subprocess.run(["ps", "--ppid", str(self.process.pid), "-o", "pid="],
                                  capture_output=True, text=True).stdout.split()
        self.assertTrue(children)
        for child in children:
            held = [os.readlink(f"/proc/{child}/fd/{fd}") for fd in os.listdir(f"/proc/{child}/fd")]
            self.assertFalse([name for name in held if "socket" in name or "/journal/" in name], held)
        self.stop(signal.SIGKILL)
        for _ in range(200):
            if not any(os.path.exists("/proc/" + child) for child in children): break
            time.sleep(0.01)
        self.assertFalse([child for child in children if os.path.exists("/proc/" + child)])
        self.start()

    def test_it_may_open_as_many_files_as_the_system_allows(self):
        limits = pathlib.Path(f"/proc/{self.process.pid}/limits").read_text()
        soft, hard = next(line for line in limits.splitlines() if line.startswith("Max open files")).split()[3:5]
        self.assertEqual(soft, hard)

    def test_who_cannot_listen_records_nothing(self):
        other = self.folder.name + "/other"
        subprocess.run([BIN, "--data", other, "init"], check=True, stdout=subprocess.DEVNULL)
        refused = subprocess.run([BIN, "--data", other, "serve", "--port", str(self.port)], capture_output=True)
        self.assertEqual(refused.returncode, 5)
        events = subprocess.run([BIN, "--data", other, "query", "events"], capture_output=True, text=True)
        self.assertEqual((events.returncode, events.stdout), (4, ""))

    def test_a_second_recorder_is_refused(self):
        second = self.cli("serve", "--port", "0")
        self.assertEqual(second.returncode, 5)
        self.assertIn(str(self.process.pid), second.stderr)

    def test_the_api_document_names_every_path_and_no_other(self):
        document = self.get("/openapi.json")[1]
        for path, verbs in document["paths"].items():
            target = path.replace("{name}", "positions").replace("{about}", "realized")
            for verb in verbs:
                status, _ = self.request(verb.upper(), target, "{}", {"Content-Type": "application/json"})
                self.assertNotIn(status, (404, 405), path)
        self.assertEqual(self.get("/v1/check")[0], 404)

    def test_the_page_is_there_or_it_says_how_to_get_it(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        def ask(**headers):
            connection.request("GET", "/", None, headers)
            answer = connection.getresponse()
            return answer, answer.read()
        answer, body = ask()
        if answer.status == 501:
            self.assertIn("nodejs", json.loads(body)["try"])
            return connection.close()
        self.assertEqual(answer.status, 200)
        packed, bytes = ask(**{"Accept-Encoding": "gzip"})
        self.assertEqual((packed.getheader("Content-Encoding"), gzip.decompress(bytes)), ("gzip", body))
        again, nothing = ask(**{"If-None-Match": answer.getheader("ETag")})
        self.assertEqual((again.status, nothing), (304, b""))
        self.assertEqual(ask(Host=f"evil.example:{self.port}")[0].status, 421)
        connection.close()

    def test_metrics_count_what_happened(self):
        self.post("/v1/events", [fill(1), fill(1), fill(2)])
        text = self.get("/metrics")[1]
        figures = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
        self.assertEqual(figures["daybook_events_recorded_total"], "2")
        self.assertEqual(figures["daybook_events_duplicate_total"], "1")
        self.assertEqual(figures["daybook_durable_sequence"], "3")
        for line in text.splitlines(): self.assertNotIn("m1", line)


if __name__ == "__main__":
    unittest.main()
