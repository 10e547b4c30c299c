"""A recorder under test, beside the double of a venue. DAYBOOK_BIN names daybook."""
import json, os, pathlib, signal, subprocess, tempfile, time, unittest

BIN = os.environ["DAYBOOK_BIN"]
KEYS = tempfile.TemporaryDirectory()  # the authority of the doubles, and what it certified


class RecorderCase(unittest.TestCase):
    """A case has `venue` and words(), which start the recorder of it."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.data = self.folder.name + "/data"
        self.cli("init")
        self.process = None

    def tearDown(self):
        if self.process: self.stop()
        self.venue.close()
        self.folder.cleanup()

    def cli(self, *words, **options):
        return subprocess.run([BIN, "--data", self.data, *words], capture_output=True, text=True, timeout=60, **options)

    def start(self, *more, environment=None):
        self.log = open(self.folder.name + "/log", "wb")
        self.process = subprocess.Popen([BIN, "--data", self.data, *self.words(*more)], stdout=subprocess.PIPE,
                                        stderr=self.log, env={**os.environ, **(environment or {})})
        self.said = self.process.stdout.readline().decode()
        self.assertIn("serving http://127.0.0.1:", self.said, self.logged())

    def stop(self):
        if self.process.poll() is None: self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=30)
        self.process.stdout.close()
        self.log.close()
        return code

    def logged(self):
        return pathlib.Path(self.folder.name, "log").read_text()

    def events(self):
        lines = [json.loads(line) for line in self.cli("dump").stdout.splitlines()]
        return [line for line in lines if "type" in line]  # the first line tells which journal it is

    def feeds(self, channel="market"):
        return [e for e in self.events() if e["type"] == "feed" and e["channel"] == channel and not e.get("outcome")]

    def until(self, what, seconds=20):
        end = time.time() + seconds
        while time.time() < end:
            found = what()
            if found: return found
            time.sleep(0.05)
        self.fail("it never came to that: " + self.logged())

    def states(self):
        """In order; what is subscribed later is one with what was subscribed before it."""
        states = [e["state"] for e in self.feeds()]
        return [s for i, s in enumerate(states) if i == 0 or s != states[i - 1]]
