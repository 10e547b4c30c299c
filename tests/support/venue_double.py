#!/usr/bin/env python3
"""What the doubles of all venues share: TLS, REST and WebSocket on the loopback, and misbehaviour on
command. Every frame a double sends is kept in `sent`, so that a test can look for it; `on_text` sees
what clients say."""
import base64, hashlib, json, pathlib, select, socket, ssl, struct, subprocess, threading, time, urllib.parse

MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def openssl(*words, cwd):
    subprocess.run(["openssl", *words], cwd=cwd, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def make_authority(folder):
    """A CA in `folder`: ca.pem, ca.key."""
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=double", cwd=folder)


def make_certificate(folder, name, host):
    """A certificate of that CA for `host`: NAME.pem with its key in NAME.key."""
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
            name + ".key", "-out", name + ".csr", "-subj", "/CN=" + host, cwd=folder)
    pathlib.Path(folder, name + ".ext").write_text("subjectAltName=DNS:" + host + "\n")
    openssl("x509", "-req", "-in", name + ".csr", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", "-out", name + ".pem", "-days", "2", "-extfile", name + ".ext",
            cwd=folder)


class Client:
    """One WebSocket of a recorder."""

    def __init__(self, double, stream, path):
        self.double, self.stream, self.path = double, stream, path
        self.tokens, self.texts, self.opened, self.pings = [], [], time.time(), 0
        self.frozen = False
        self.lock = threading.Lock()

    def write(self, text, most=None, kind=1):
        data = text.encode()
        head = bytes([0x80 | kind])
        if len(data) < 126: head += bytes([len(data)])
        elif len(data) < 65536: head += bytes([126]) + struct.pack("!H", len(data))
        else: head += bytes([127]) + struct.pack("!Q", len(data))
        with self.lock: self.stream.sendall((head + data)[:most])

    def send(self, value):
        """A frame, kept in `sent`; a text goes out as it is."""
        if self.frozen: return
        text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
        with self.double.lock:
            self.write(text)
            self.double.sent.append(text)
            self.double.sent_at.append(time.time())

    def half(self, value):
        """The first half of a frame, and the end."""
        text = json.dumps(value)
        self.write(text, len(text) // 2)
        self.drop()

    def drop(self):
        try: self.stream.shutdown(socket.SHUT_RDWR)
        except OSError: pass
        self.stream.close()

    def take(self, count):
        data = b""
        while len(data) < count:
            # Two threads may not be inside one TLS connection at once.
            if not self.stream.pending() and not select.select([self.stream], [], [], 0.05)[0]: continue
            with self.lock: more = self.stream.recv(count - len(data))
            if not more: raise EOFError
            data += more
        return data

    def messages(self):
        while True:
            kind, length = self.take(2)
            length &= 127
            if length == 126: length, = struct.unpack("!H", self.take(2))
            elif length == 127: length, = struct.unpack("!Q", self.take(8))
            mask = self.take(4)
            data = bytes(b ^ mask[i % 4] for i, b in enumerate(self.take(length)))
            if kind & 15 == 8: return
            if kind & 15 == 9:
                self.pings += 1
                if self.double.answers_ping: self.write(data.decode(), kind=10)
            if kind & 15 == 1: yield data.decode()


class VenueDouble:
    """A venue answers GETs by value_of() and hears WebSocket texts by hear(); both are its own."""

    def __init__(self, folder, certificate="localhost", period=0.05):
        self.lock = threading.RLock()
        self.sent, self.sent_at, self.clients, self.subscribed, self.requests = [], [], [], {}, []
        self.statuses = []  # of the next answers: (status, further header lines)
        self.period, self.count, self.answers_ping = period, 0, True
        self.on_text = lambda client, text: None
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(f"{folder}/{certificate}.pem", f"{folder}/{certificate}.key")
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.open = True
        for work in (self.accept, self.trade):
            threading.Thread(target=work, daemon=True).start()

    def close(self):
        self.open = False
        self.listener.close()
        for client in list(self.clients): client.drop()

    def accept(self):
        while self.open:
            try: plain, _ = self.listener.accept()
            except OSError: return
            threading.Thread(target=self.serve, args=(plain,), daemon=True).start()

    def serve(self, plain):
        try:
            plain.settimeout(20)
            with self.context.wrap_socket(plain, server_side=True) as stream: self.hear_request(stream)
        except (OSError, EOFError, ValueError): pass  # the recorder went away
        finally: plain.close()

    def hear_request(self, stream):
        head = b""
        while b"\r\n\r\n" not in head:
            more = stream.recv(4096)
            if not more: return
            head += more
        lines = head.decode().split("\r\n")
        target = lines[0].split()[1]
        headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in lines[1:] if ": " in line)}
        if "upgrade" not in headers.get("connection", "").lower(): self.answer(stream, target, headers)
        elif self.admits("GET", target, headers): self.talk(stream, target, headers)
        else: stream.sendall(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")

    # REST

    def admits(self, method, target, headers): return True

    def may_ask(self, method, path, headers): return True

    def answer(self, stream, target, headers):
        url = urllib.parse.urlsplit(target)
        query = {k: v[0] for k, v in urllib.parse.parse_qs(url.query).items()}
        with self.lock:
            self.requests.append((time.time(), target))
            status, extra = self.statuses.pop(0) if self.statuses else (200, "")
            value = self.value_of(url.path, query)
        if status == 200 and value is None: status = 404
        if status == 200 and not self.may_ask("GET", url.path, headers): status = 401
        body = json.dumps(value if status == 200 else {"error": "not now"}).encode()
        stream.sendall(f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n{extra}"
                       f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
        stream.unwrap()

    # WebSocket

    def talk(self, stream, path, headers):
        accept = base64.b64encode(hashlib.sha1((headers["sec-websocket-key"] + MAGIC).encode()).digest()).decode()
        stream.sendall(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                        f"Connection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n").encode())
        client = Client(self, stream, path)
        stream.settimeout(60)
        with self.lock: self.clients.append(client)
        try:
            for text in client.messages(): self.heard(client, text)
        finally:
            with self.lock:
                if client in self.clients: self.clients.remove(client)

    def heard(self, client, text):
        client.texts.append((time.time(), text))
        self.on_text(client, text)
        self.hear(client, text)

    def clients_of(self, path):
        with self.lock: return [c for c in self.clients if c.path == path]

    def market_clients(self):
        with self.lock: return [c for c in self.clients if c.tokens]

    def trade(self):
        """One book after the other changes, and whoever subscribed it is told."""
        while self.open:
            time.sleep(self.period)
            try:
                for client in self.market_clients():
                    with self.lock:
                        self.count += 1
                        self.send_change(client, client.tokens[self.count % len(client.tokens)])
            except OSError: pass  # this client was just dropped
