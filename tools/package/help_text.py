"""The help of daybook, taken apart: the man page is made from it, the completions are held against it."""
import dataclasses, re, subprocess

ENTRY = re.compile(r"^  (\S.*?)(?:\s{2,}|$)(.*)$")


@dataclasses.dataclass
class Page:
    """Of one verb; its values and options with what they mean, as the help writes them."""
    about: str
    values: dict = dataclasses.field(default_factory=dict)   # "name" -> (form, meaning)
    options: dict = dataclasses.field(default_factory=dict)  # "--name" -> (form, meaning)
    verbs: dict = dataclasses.field(default_factory=dict)    # "name" -> meaning


def entries(lines):
    """(form, meaning) of each entry of a section; a long form has its meaning in the line below."""
    found = []
    for line in lines:
        if entry := ENTRY.match(line): found.append([entry[1], entry[2]])
        else: found[-1][1] = line.strip()
    return found


def page(text):
    sections, name = {"": []}, ""
    for line in text.splitlines():
        if line in ("Positionals:", "Options:", "Subcommands:"):
            name = line
            sections[name] = []
        elif not line: name = ""
        else: sections[name].append(line)
    one = Page(sections[""][0])
    for form, meaning in entries(sections.get("Positionals:", [])): one.values[form.split()[0]] = (form, meaning)
    for form, meaning in entries(sections.get("Options:", [])):
        for option in form.split()[0].split(","): one.options[option] = (form, meaning)
    one.verbs = dict(entries(sections.get("Subcommands:", [])))
    return one


def pages(program):
    """Every page of the help by its verb, as ("projections", "reset"); () is the first one."""
    found, verbs = {}, [()]
    while verbs:
        verb = verbs.pop(0)
        words = [program, *verb, "--help"] if verb != ("help",) else [program, "help"]
        text = subprocess.run(words, check=True, capture_output=True, text=True).stdout
        found[verb] = page(text) if verb != ("help",) else Page("this page")
        verbs += [(*verb, name) for name in found[verb].verbs]
    return found
