#!/usr/bin/env python3
"""What real shells offer for `daybook`, beside what its help names. DAYBOOK_BIN names daybook."""
import os, pathlib, re, shutil, subprocess, sys, tempfile, unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "tools" / "package"))
from help_text import pages

BIN = os.environ["DAYBOOK_BIN"]
ENVIRONMENT = dict(os.environ, PATH=os.path.dirname(BIN) + ":" + os.environ["PATH"], TERM="dumb")

BASH = """compopt() { :; }
source <(daybook completion bash)
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_daybook daybook
printf '%s\\n' "${COMPREPLY[@]}"
"""
# The functions of zsh's completion system that end in a list are stood in for by printing.
ZSH = """compdef() { : }
_describe() { local line; for line in "${(@P)2}"; print -r -- "${line%%:*}" }
_files() { print -r -- "files $*" }
source <(daybook completion zsh)
words=("$@") CURRENT=$#
_daybook
"""
FISH = "source (daybook completion fish | psub); complete -C (string join ' ' -- $argv)"


def offered(shell, words):
    """What `shell` offers for a line of `words`, its cursor at the end of the last one."""
    call = {"bash": ["bash", "-c", BASH, "bash"], "zsh": ["zsh", "-fc", ZSH, "zsh"],
            "fish": ["fish", "--no-config", "-c", FISH, "--"]}[shell]
    done = subprocess.run([*call, "daybook", *words], capture_output=True, text=True, env=ENVIRONMENT, timeout=60)
    assert done.returncode == 0, done.stderr
    return {line.split("\t")[0] for line in done.stdout.splitlines() if line}


class Completion(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pages = pages(BIN)
        cls.globals = set(cls.pages[()].options) | {"-h", "--help"}

    def shells(self):
        for shell in ("bash", "zsh", "fish"):
            if not shutil.which(shell):
                print(f"skipped: {shell} is not installed", file=sys.stderr)
                continue
            yield shell

    def test_the_help_was_understood(self):
        self.assertGreater(len(self.pages), 30)
        self.assertIn("--venue", self.pages[("ingest",)].options)
        self.assertIn("--grown", self.pages[("projections", "apply")].options)

    def test_every_verb_of_the_help_is_offered_and_no_other_word(self):
        for shell in self.shells():
            self.assertEqual(offered(shell, [""]), {verb[0] for verb in self.pages if len(verb) == 1})
            self.assertEqual(offered(shell, ["projections", ""]),
                             {verb[1] for verb in self.pages if verb[:1] == ("projections",) and len(verb) == 2})

    def test_every_option_of_every_verb_is_offered(self):
        for shell in self.shells():
            for verb, page in self.pages.items():
                wanted = {name for name in self.globals | set(page.options) if name.startswith("--")}
                found = offered(shell, [*verb, "--"])
                self.assertLessEqual(set(page.options) & wanted, found, verb)
                self.assertLessEqual(found, wanted, verb)

    def test_values_that_can_be_listed_are_offered(self):
        for shell in self.shells():
            self.assertEqual(offered(shell, ["query", "pnl", "--mode", ""]), {"live", "dry_run"})
            self.assertEqual(offered(shell, ["ingest", "--venue", "k"]), {"kalshi"})
            self.assertEqual(offered(shell, ["--data", "x", "completion", ""]), {"bash", "zsh", "fish"})
            self.assertIn("findings", offered(shell, ["query", "fi"]))
        self.assertEqual(offered("bash", ["query", "pnl", "--mode", "=", "l"]), {"live"})
        self.assertEqual(offered("bash", ["--data", "=", "x", "ingest", "--as", "="]), {"fills"})

    def test_files_and_folders_are_the_shells_own(self):
        for words, kind in ((["verify", "--receipt", ""], "files"), (["ingest", ""], "files"),
                            (["backup", ""], "folders"), (["--data", ""], "folders"), (["note", ""], "words")):
            told = subprocess.run([BIN, "complete", "--", *words], capture_output=True, text=True).stdout
            self.assertEqual(told, kind + "\n", words)

    def test_a_line_that_makes_no_sense_is_offered_nothing(self):
        for words in (["query", "pnl", "--nothing"], ["nothing", "--data=", "x", "y"], ["=", "--", "--", "="], []):
            done = subprocess.run([BIN, "complete", "--", *words], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr), (0, ""), words)
            self.assertTrue(done.stdout.startswith(("words\n", "files\n", "folders\n")))


if __name__ == "__main__":
    unittest.main()
