"""C1b: `daybook serve` is killed (kill -9) at random moments, over and over, while a bot sends through the
Python sink. Nothing that was acknowledged may be missing, nothing may come twice or out of order, nothing may be
invented, and the sink has to catch up by itself.

recorder_kills.py PROGRAM --rounds N --seed S     prints one line, as every campaign does
"""
import argparse, json, pathlib, random, re, subprocess, sys, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools" / "python"))
from daybook import Recorder  # noqa: E402


class Daemon:
    def __init__(self, program, data):
        self.process = subprocess.Popen([program, "--data", data, "serve", "--port", "0"], stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        if not self.process.stdout.readline().startswith("serving "):
            raise SystemExit("the recorder does not serve")

    def end(self, how):
        how(self.process)
        self.process.wait()
        self.process.stdout.close()


def recorded(program, data):
    dump = subprocess.run([program, "--data", data, "dump"], check=True, stdout=subprocess.PIPE, text=True).stdout
    events = (json.loads(line) for line in dump.splitlines()[1:])
    return [int(event["text"]) for event in events if event["type"] == "note"]


def run(program, rounds, seed):
    dice, violations, sent = random.Random(seed), [], 0
    with tempfile.TemporaryDirectory() as folder:
        data = f"{folder}/data"
        subprocess.run([program, "--data", data, "init"], check=True, stdout=subprocess.DEVNULL)
        daemon = Daemon(program, data)
        rec = Recorder(f"unix:{data}/daybook.sock", spool=f"{folder}/spool")
        for round_ in range(rounds):
            killed_at = time.monotonic() + dice.uniform(0, 0.15)
            while time.monotonic() < killed_at:
                for _ in range(dice.randrange(1, 50)):
                    rec.note(str(sent))
                    sent += 1
                time.sleep(dice.uniform(0, 0.004))
            acknowledged = sent if dice.random() < 0.2 and rec.flush(10) else 0
            daemon.end(subprocess.Popen.kill)
            if acknowledged and max(recorded(program, data), default=-1) + 1 < acknowledged:
                violations.append(f"round {round_}: of {acknowledged} acknowledged some are missing")
            daemon = Daemon(program, data)
        if not rec.flush(60):
            violations.append("the sink did not catch up")
        rec.close(5)
        daemon.end(subprocess.Popen.terminate)
        if recorded(program, data) != list(range(sent)):
            violations.append(f"of {sent} events some are missing, twice or out of order")
        if subprocess.run([program, "--data", data, "verify"], stdout=subprocess.DEVNULL).returncode:
            violations.append("the journal does not verify")
    return violations, sent


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("program")
    options.add_argument("--rounds", type=int, default=200)
    options.add_argument("--seed", type=int, default=1)
    words = options.parse_args()
    began = time.monotonic()
    violations, _ = run(words.program, words.rounds, words.seed)
    for each in violations:
        print(each)
    print(f"C1b recorder-kills rounds {words.rounds} violations {len(violations)} "
          f"seconds {time.monotonic() - began:.1f} seed {words.seed}")
    return 1 if violations else 0


sys.exit(main())
