#!/usr/bin/env python3
"""What the two programs are built with against those who find a mistake in them. DAYBOOK_BIN names daybook."""
import os, re, subprocess, unittest

PROGRAMS = (os.environ["DAYBOOK_BIN"], os.environ["DAYBOOK_BIN"] + "d")


def read(program, *words):
    return subprocess.run(["readelf", "-W", *words, program], check=True, capture_output=True, text=True).stdout


class Hardening(unittest.TestCase):
    def test_it_lies_anywhere_in_memory(self):
        for program in PROGRAMS:
            self.assertRegex(read(program, "-h"), r"Type:\s+DYN \(Position-Independent Executable")

    def test_its_tables_of_foreign_functions_are_closed_before_it_runs(self):
        for program in PROGRAMS:
            self.assertIn("GNU_RELRO", read(program, "-l"))
            self.assertRegex(read(program, "-d"), r"FLAGS_1.*NOW")

    def test_no_memory_can_be_written_and_run(self):
        for program in PROGRAMS:
            parts = re.findall(r"^  (LOAD|GNU_STACK) .* ([R ][W ][E ]) (?:0|0x\w+)$", read(program, "-l"), re.M)
            self.assertIn(("GNU_STACK", "RW "), parts)
            for name, rights in parts: self.assertNotIn("WE", rights, name)
            self.assertNotIn("TEXTREL", read(program, "-d"))

    def test_its_libraries_are_those_of_the_system(self):
        for program in PROGRAMS: self.assertNotRegex(read(program, "-d"), "R(UN)?PATH")

    def test_a_smashed_stack_and_a_copy_that_is_too_long_end_it(self):
        for program in PROGRAMS:
            foreign = read(program, "--dyn-syms")
            self.assertIn("__stack_chk_fail@", foreign)
            self.assertRegex(foreign, r"__\w+_chk@GLIBC")


if __name__ == "__main__":
    unittest.main()
