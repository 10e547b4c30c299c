#!/usr/bin/env python3
"""The Debian package of a build: what is in it, and what it does once installed. DAYBOOK_BUILD names the build."""
import gzip, json, os, pathlib, re, shutil, signal, socket, subprocess, tempfile, unittest

BUILD = os.environ["DAYBOOK_BUILD"]
FILES = {  # as dpkg-deb lists them: mode and owner
    "usr/bin/daybook": "-rwxr-xr-x", "usr/bin/daybookd": "-rwxr-xr-x",
    "usr/lib/systemd/system/daybook.service": "-rw-r--r--",
    "usr/lib/sysusers.d/daybook.conf": "-rw-r--r--",
    "usr/share/bash-completion/completions/daybook": "-rw-r--r--",
    "usr/share/fish/vendor_completions.d/daybook.fish": "-rw-r--r--",
    "usr/share/zsh/vendor-completions/_daybook": "-rw-r--r--",
    "usr/share/man/man1/daybook.1.gz": "-rw-r--r--", "usr/share/man/man1/daybookd.1.gz": "lrwxrwxrwx"}
EXPOSURE_MAX = 2.0  # of 10, as systemd-analyze security counts


def said(*words, **options):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, **options)
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        said("cpack", "-G", "DEB", "-B", cls.folder.name, cwd=BUILD)
        cls.package, = pathlib.Path(cls.folder.name).glob("*.deb")
        cls.root = pathlib.Path(cls.folder.name, "root")
        for name in ("var/lib/dpkg/info", "var/lib/dpkg/updates", "var/lib/dpkg/triggers", "etc"): os.makedirs(cls.root / name)
        (cls.root / "var/lib/dpkg/status").touch()
        if os.geteuid() == 0: cls.dpkg(cls.root, "--install", cls.package)
        else: said("dpkg-deb", "--extract", cls.package, cls.root)
        cls.daybook = cls.root / "usr/bin/daybook"
        cls.unit = (cls.root / "usr/lib/systemd/system/daybook.service").read_text()

    @classmethod
    def dpkg(cls, root, *words):
        """dpkg on another root; the scripts of the package are told of it by DPKG_ROOT."""
        said("dpkg", f"--root={root}", f"--log={cls.folder.name}/log", "--force-depends", "--force-script-chrootless", *words)

    def there_is(self, tool):
        if shutil.which(tool): return True
        self.skipTest(f"skipped: no {tool}")

    def test_it_holds_the_two_programs_in_one_folder_and_what_goes_with_them(self):
        listed = {}
        for line in said("dpkg-deb", "--contents", self.package).splitlines():
            mode, owner, _, _, _, name, *_ = line.split()
            self.assertEqual(owner, "root/root", line)
            if not mode.startswith("d"): listed[name.removeprefix("./")] = mode
            else: self.assertEqual(mode, "drwxr-xr-x", line)
        self.assertEqual(listed, FILES)

    def test_it_names_what_it_needs_and_has_no_other_script_than_two(self):
        parts = subprocess.run(["dpkg-deb", "--ctrl-tarfile", self.package], capture_output=True, check=True).stdout
        names = subprocess.run(["tar", "-t"], input=parts, capture_output=True, check=True).stdout.decode().split()
        self.assertEqual({name for name in names if not name.endswith("/")}, {"./control", "./md5sums", "./postinst", "./prerm"})
        needs = said("dpkg-deb", "--field", self.package, "Depends")
        for library in ("libc6", "libssl3", "liblmdb0", "libspdlog1.10"): self.assertIn(library, needs)

    def test_what_is_installed_records_serves_and_answers(self):
        data = self.folder.name + "/data"
        ask = lambda *words, **more: said(self.daybook, "--data", data, *words, **more)
        ask("init")
        event = {"type": "fill", "time": "2025-12-13T14:31:00Z", "venue": "polymarket", "mode": "live", "market": "m",
                 "trade": "t", "order": "o", "outcome": "Up", "side": "buy", "shares": "9.43", "cost": "5"}
        ask("ingest", "-", input=json.dumps(event))
        heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        heard.bind(self.folder.name + "/notify")
        heard.settimeout(30)
        environment = dict(os.environ, NOTIFY_SOCKET=self.folder.name + "/notify", WATCHDOG_USEC="200000", PATH="/nowhere")
        process = subprocess.Popen([self.daybook, "--data", data, "serve", "--port", "0"], env=environment,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        next_state = lambda: heard.recv(4096).decode()
        self.assertEqual(next_state(), "READY=1")
        self.assertEqual([next_state(), next_state()], ["WATCHDOG=1"] * 2)
        process.send_signal(signal.SIGHUP)
        states = [next_state() for _ in range(4)]
        at = states.index("RELOADING=1")
        self.assertEqual(states[at + 1], "READY=1")
        ask("note", "beside it")
        positions = json.loads(ask("query", "positions", "--json"))["positions"]
        self.assertEqual(positions[0]["outcomes"][0]["matched"], "9.43")
        process.send_signal(signal.SIGTERM)
        while (state := next_state()) == "WATCHDOG=1": pass
        self.assertEqual(state, "STOPPING=1")
        self.assertEqual(process.wait(timeout=30), 0)
        process.stdout.close()
        heard.close()
        ask("verify")

    def test_the_man_page_reads_without_a_warning_and_knows_every_verb(self):
        text = gzip.decompress((self.root / "usr/share/man/man1/daybook.1.gz").read_bytes()).decode()
        for section in "NAME SYNOPSIS DESCRIPTION OPTIONS COMMANDS FILES ENVIRONMENT EXAMPLES".split() + ["EXIT STATUS"]:
            self.assertIn(f"\n.SH {section}\n", text)
        self.assertNotIn("@", text)
        verbs = re.findall(r"^  (\w+) ", said(self.daybook, "help").split("Subcommands:")[1], re.M)
        self.assertGreater(len(verbs), 20)
        for verb in verbs: self.assertRegex(text, rf"\\fB{verb}( \w+)?\\fR")
        self.there_is("groff")
        done = subprocess.run(["groff", "-man", "-ww", "-Tutf8", "-Kutf8"], input=text.encode(), capture_output=True)
        self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_the_unit_is_valid_and_leaves_the_recorder_little(self):
        for line in ("Type=notify", "StateDirectoryMode=0700", "UMask=0077", "NoNewPrivileges=yes", "ProtectSystem=strict",
                     "MemoryDenyWriteExecute=yes", "SystemCallFilter=@system-service", "KillSignal=SIGTERM"):
            self.assertIn(f"\n{line}\n", self.unit)
        self.there_is("systemd-analyze")
        copy = pathlib.Path(self.folder.name, "daybook.service")  # systemd looks in /usr/bin for it
        copy.write_text(re.sub(r"(Start=|exec )daybook ", rf"\1{self.daybook} ", self.unit))
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", copy], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))
        table = said("systemd-analyze", "security", "--offline=true", f"--root={self.root}", "daybook.service")
        exposure = float(re.search(r"exposure level for daybook.service: ([\d.]+)", table)[1])
        self.assertLessEqual(exposure, EXPOSURE_MAX)

    def test_the_service_gets_a_user_of_its_own(self):
        if os.geteuid() != 0: self.skipTest("skipped: not root")
        self.there_is("systemd-sysusers")
        name, _, user, *_, home, shell = (self.root / "etc/passwd").read_text().strip().split(":")
        self.assertEqual((name, home, shell), ("daybook", "/var/lib/daybook", "/usr/sbin/nologin"))
        self.assertNotEqual(user, "0")
        self.assertIn("\nUser=daybook\n", self.unit)

    def test_removing_it_leaves_the_record_alone_and_nothing_else(self):
        if os.geteuid() != 0: self.skipTest("skipped: not root")
        other = pathlib.Path(self.folder.name, "other")
        shutil.copytree(self.root, other, symlinks=True)
        record = other / "var/lib/daybook/journal/000001.daybook"
        os.makedirs(record.parent)
        record.touch()
        self.dpkg(other, "--purge", "daybook")
        left = [path for path in other.rglob("*") if path.is_file() and not path.is_relative_to(other / "var/lib/dpkg")]
        self.assertEqual([path for path in left if path.parent != other / "etc"], [record])


if __name__ == "__main__":
    unittest.main()
