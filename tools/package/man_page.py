#!/usr/bin/env python3
"""man_page.py PROGRAM TEMPLATE OUT.gz: the man page, its options, commands and exit codes from the program's help."""
import gzip, pathlib, re, subprocess, sys

from help_text import pages


def roff(text):
    return text.replace("\\", "\\e").replace("-", "\\-")


def argument(form):
    """The value behind an option's name, as "TEXT:{live,dry_run}" or "INT:INT in [1 - 3600]"."""
    form = form.replace(" REQUIRED", "")
    if choice := re.match(r"\w+:\{(.*)\}(.*)$", form): return choice[1].replace(",", "|") + choice[2].replace(" ...", " …")
    form = re.sub(r"\w+:\w+ in \[(\S+) - (\S+)\]", r"\1–\2", form)
    return form.replace("UINT", "N").replace("FLOAT:POSITIVE", "N").replace("FLOAT", "N").replace(" ...", "…")


def option_lines(options):
    for form, meaning in dict.fromkeys(options.values()):
        names, _, value = form.partition(" ")
        shown = ", ".join(f"\\fB{roff(name)}\\fR" for name in names.split(","))
        yield ".TP"
        yield shown + (f" \\fI{roff(argument(value))}\\fR" if value else "")
        yield roff(meaning)


def synopsis(verb, page):
    line = f"\\fB{' '.join(verb)}\\fR"
    for name, (form, _) in page.values.items():
        shown = roff(name.upper()) + (" …" if form.endswith("...") else "")
        line += f" \\fI{shown}\\fR" if "REQUIRED" in form else f" [\\fI{shown}\\fR]"
    return line


def command_lines(found, about):
    general = set(found[()].options)
    for verb, page in found.items():
        if not verb or page.verbs: continue
        own = {name: entry for name, entry in page.options.items() if name not in general}
        yield ".TP"
        yield synopsis(verb, page)
        yield roff(about[verb])
        if not page.values and not own: continue
        yield ".RS"
        for name, (form, meaning) in page.values.items():
            choice = re.search(r"\{(.*)\}", form)
            yield ".TP"
            yield f"\\fI{roff(name.upper())}\\fR"
            yield roff(meaning + (": " + choice[1].replace(",", ", ") if choice else ""))
        yield from option_lines(own)
        yield ".RE"


def exit_lines(help_text):
    """The codes stand in one sentence: "Exit codes: 0 done, 1 failed, …"."""
    codes = " ".join(help_text.split("Exit codes:")[1].split()).rstrip(".")
    for code, meaning in re.findall(r"(\d+) ((?:[^,(]|\([^)]*\))+)", codes):
        yield f".TP\n.B {code}\n{roff(meaning)}"


def main():
    program, template, out = sys.argv[1:]
    found = pages(program)
    about = {(name,): meaning for name, meaning in found[()].verbs.items()}
    for verb, page in found.items(): about |= {(*verb, name): meaning for name, meaning in page.verbs.items()}
    said = subprocess.run([program, "help"], check=True, capture_output=True, text=True).stdout
    version = subprocess.run([program, "version"], check=True, capture_output=True, text=True).stdout.split()[1]
    text = pathlib.Path(template).read_text()
    for name, lines in (("VERSION", [version]), ("OPTIONS", option_lines(found[()].options)),
                        ("COMMANDS", command_lines(found, about)), ("EXITS", exit_lines(said))):
        text = text.replace(f"@{name}@", "\n".join(lines))
    pathlib.Path(out).write_bytes(gzip.compress(text.encode(), 9, mtime=0))


main()
