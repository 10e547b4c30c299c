#!/usr/bin/env python3
"""A growing file, followed: rotations and kill -9 at random moments. DAYBOOK_BIN names daybook."""
import collections, json, os, pathlib, random, shutil, signal, subprocess, tempfile, time, unittest

import serve
from serve import BIN

TICK = {"type": "note", "text": "tick"}  # equal lines without a key: each of them counts


class Following(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.data = self.folder.name + "/data"
        self.path = self.folder.name + "/bot.log"
        subprocess.run([BIN, "--data", self.data, "init"], check=True, stdout=subprocess.DEVNULL)
        pathlib.Path(self.path).touch()
        self.follower, self.written, self.seed = None, 0, random.randrange(1 << 32)
        self.random = random.Random(self.seed)

    def tearDown(self):
        self.kill()
        self.folder.cleanup()

    def start(self):
        self.follower = subprocess.Popen([BIN, "--data", self.data, "ingest", "-q", "--follow", self.path],
                                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        while not list(pathlib.Path(self.data).glob("follow/*.json")): time.sleep(0.01)  # it knows its file

    def kill(self, number=signal.SIGKILL):
        if self.follower is None: return None
        self.follower.send_signal(number)
        _, self.said = self.follower.communicate(timeout=30)
        code, self.follower = self.follower.returncode, None
        return code

    def write(self, count):
        """Numbered lines and ticks, torn anywhere."""
        with open(self.path, "ab", buffering=0) as file:
            for _ in range(count):
                line = (json.dumps({"type": "note", "text": f"n{self.written}"}) + "\n" + json.dumps(TICK) + "\n").encode()
                cut = self.random.randrange(len(line))
                file.write(line[:cut])
                file.write(line[cut:])
                self.written += 1

    def shift(self):
        for number in range(20, 0, -1):
            if os.path.exists(f"{self.path}.{number}"): os.rename(f"{self.path}.{number}", f"{self.path}.{number + 1}")

    def rename(self):
        self.shift()
        os.rename(self.path, self.path + ".1")
        pathlib.Path(self.path).touch()

    def truncate(self):
        self.shift()
        shutil.copyfile(self.path, self.path + ".1")
        os.truncate(self.path, 0)

    def texts(self):
        dump = subprocess.run([BIN, "--data", self.data, "dump"], capture_output=True, text=True).stdout
        events = [json.loads(line) for line in dump.splitlines()[1:]]
        return [e["text"] for e in events if e["type"] == "note"]

    def wait_for_all(self):
        wanted = {f"n{number}" for number in range(self.written)} | {"tick"}
        for _ in range(300):
            self.assertIsNone(self.follower.poll())
            texts = self.texts()
            if len(texts) >= 2 * self.written: break
            time.sleep(0.1)
        counts = collections.Counter(texts)
        self.assertEqual(counts.pop("tick", 0), self.written, self.seed)
        self.assertEqual(counts, {f"n{number}": 1 for number in range(self.written)}, self.seed)
        numbers = [text for text in texts if text != "tick"]
        self.assertEqual(numbers, [f"n{number}" for number in range(self.written)], self.seed)

    def rounds(self, rotate, count):
        self.start()
        for _ in range(count):
            self.write(self.random.randrange(1, 200))
            time.sleep(self.random.random() / 20)
            what = self.random.randrange(4)
            if what == 0: rotate()
            if what == 1: self.kill()
            if what == 2: self.kill() or rotate()
            self.write(self.random.randrange(1, 50))
            if self.follower is None: self.start()
        self.wait_for_all()

    def test_a_renamed_file_loses_nothing_and_doubles_nothing_whatever_is_killed(self):
        self.rounds(self.rename, 10)

    def test_a_truncated_file_loses_nothing_and_doubles_nothing_whatever_is_killed(self):
        self.rounds(lambda: time.sleep(0.3) or self.truncate(), 10)

    def test_what_is_followed_is_the_same_as_what_is_read_at_once(self):
        self.write(50)
        self.start()
        self.wait_for_all()
        self.assertEqual(self.kill(signal.SIGINT), 130)
        again = subprocess.run([BIN, "--data", self.data, "ingest", "--json", self.path], capture_output=True)
        self.assertEqual((json.loads(again.stdout)["accepted"], json.loads(again.stdout)["duplicate"]), (0, 100))

    def test_a_line_is_taken_when_it_is_whole(self):
        self.start()
        with open(self.path, "ab", buffering=0) as file:
            file.write(b'{"type":"note",')
            time.sleep(0.3)
            self.assertEqual(self.texts(), [])
            file.write(b'"text":"n0"}\n' + json.dumps(TICK).encode() + b"\n")
        self.written = 1
        self.wait_for_all()

    def test_two_do_not_follow_one_file(self):
        process = subprocess.Popen([BIN, "--data", self.data, "serve", "--port", "0"], stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL)
        process.stdout.readline()
        self.start()
        self.write(1)
        self.wait_for_all()
        second = subprocess.run([BIN, "--data", self.data, "ingest", "--follow", self.path], capture_output=True)
        self.assertEqual(second.returncode, 5)
        self.kill()
        process.terminate()
        process.communicate(timeout=30)


class FollowingBesideServe(serve.Beside):
    """The same through the socket, the recorder killed as well."""
    for name in ("write", "shift", "rename", "texts", "wait_for_all", "kill"):
        locals()[name] = vars(Following)[name]

    def test_through_a_recorder_that_is_killed_nothing_is_lost_and_nothing_doubled(self):
        self.path, self.written, self.follower, self.seed = self.folder.name + "/bot.log", 0, None, random.randrange(1 << 32)
        self.random = random.Random(self.seed)
        pathlib.Path(self.path).touch()
        Following.start(self)
        for round in range(6):
            self.write(self.random.randrange(1, 300))
            if round % 3 == 0: self.rename()
            if round % 3 == 1: self.kill()
            if round % 3 == 2:
                self.wait_for_all()  # else it may not be there yet, and take the journal for itself
                self.write(self.random.randrange(200))
                self.stop(signal.SIGKILL)
                self.write(5)
                self.assertEqual(self.follower.wait(timeout=30), 1)
                self.kill()
                self.assertIn(b"the recorder went away", self.said)
                self.start()
            self.write(20)
            if self.follower is None: Following.start(self)
        self.wait_for_all()
        self.kill()


if __name__ == "__main__":
    unittest.main()
