#!/usr/bin/env python3
"""Another user of the machine: what of a recorder is open to it. Needs root. DAYBOOK_BIN names daybook."""
import http.client, json, os, pathlib, socket, subprocess, unittest

import serve
from serve import WebSocket, fill

NOBODY = 65534


def as_other(act):
    """What `act` comes to in a process of another user: its answer, or the kind of error."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        try: said = act()
        except OSError as error: said = type(error).__name__
        os.write(write, json.dumps(said).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe: said = json.loads(pipe.read())
    os.waitpid(child, 0)
    return said


@unittest.skipUnless(os.geteuid() == 0, "skipped: not root")
class OtherUser(serve.Beside):
    def setUp(self):
        super().setUp()
        os.chmod(self.folder.name, 0o755)  # what keeps it out is the data directory's own
        self.post("/v1/events", fill(1))

    def status(self, method, target, body=None, token=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        headers = {"Content-Type": "application/json"} if body else {}
        if token: headers["Authorization"] = "Bearer " + token
        connection.request(method, target, body, headers)
        return connection.getresponse().status

    def only_for_the_owner(self):
        self.stop()
        pathlib.Path(self.data, "daybook.toml").write_text("[serve]\nowner_only = true\n")
        self.start()

    def test_no_file_and_no_socket_is_open_to_it(self):
        paths = [path for path in pathlib.Path(self.data).rglob("*")]
        self.assertGreater(len(paths), 20)
        def opened():
            found = []
            for path in paths:
                for mode in ("rb", "ab"):
                    try: open(path, mode).close()
                    except PermissionError: continue
                    found.append(str(path))
            return found
        self.assertEqual(as_other(opened), [])
        def connected():
            with socket.socket(socket.AF_UNIX) as line: line.connect(self.data + "/daybook.sock")
        self.assertEqual(as_other(connected), "PermissionError")
        self.assertNotEqual(as_other(lambda: subprocess.run(
            [serve.BIN, "--data", self.data, "query", "positions"], capture_output=True).returncode), 0)

    def test_a_new_data_directory_however_it_is_named_is_its_owners(self):
        for name in ("a", "b/", "c/d", "e/f/"):
            path = self.folder.name + "/" + name
            subprocess.run([serve.BIN, "--data", path, "init"], check=True, stdout=subprocess.DEVNULL)
            self.assertEqual(os.stat(path).st_mode & 0o777, 0o700, name)

    def test_it_can_write_nothing_and_learns_no_token(self):
        before = len(self.events())
        for target in ("/v1/events", "/v1/halt", "/v1/projections/plan", "/v1/projections/apply"):
            self.assertEqual(as_other(lambda: self.status("POST", target, "{}")), 401, target)
        said = as_other(lambda: http.client.HTTPConnection("127.0.0.1", self.port, timeout=10) and
                        [self.get(target)[1] for target in ("/v1/query/status", "/metrics", "/v1/events")])
        for token in self.token.values(): self.assertNotIn(token, json.dumps(said))
        self.assertEqual(len(self.events()), before)

    def test_where_it_may_not_read_either_it_is_told_so_and_the_owner_notices_nothing(self):
        self.assertEqual(as_other(lambda: self.status("GET", "/v1/query/positions")), 200)
        self.only_for_the_owner()
        for target in ("/", "/v1/query/positions", "/v1/events", "/v1/projections", "/metrics", "/healthz",
                       "/openapi.json"):
            self.assertEqual(as_other(lambda: self.status("GET", target)), 401, target)
            self.assertNotEqual(self.status("GET", target), 401, target)
        for target in ("/v1/stream", "/v1/live"):
            self.assertEqual(as_other(lambda: WebSocket(self.port, target).status), 401, target)
            self.assertEqual(WebSocket(self.port, target).status, 101, target)
        wrong, right = "0" * len(self.token["append"]), self.token["append"]
        self.assertEqual(as_other(lambda: self.status("GET", "/metrics", token=wrong)), 401)
        self.assertEqual(as_other(lambda: self.status("GET", "/metrics", token=right)), 200)


if __name__ == "__main__":
    unittest.main()
