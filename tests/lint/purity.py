#!/usr/bin/env python3
"""Proves that core and base_pure reach nothing outside: no clock, file, socket, database, library.

purity.py NM OBJDUMP core=PATH base_pure=PATH ...   (static libraries, lowest last)
"""

import os
import re
import subprocess
import sys

from rules import read_rules

# What compilers add by themselves.
BUILTIN = re.compile(r"_GLOBAL_OFFSET_TABLE_|__stack_chk_fail|__(asan|ubsan|lsan|sanitizer|gcov)_.*")
FORTIFIED = re.compile(r"__(\w+)_chk$")


def run(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def members(nm, library, flag):
    """[(object file, symbol)] as `nm flag` tells it."""
    found, member = [], os.path.basename(library)
    for line in run(nm, flag, library).splitlines():
        if line.endswith(":"):
            member = line[:-1]
        elif line.strip():
            found.append((member, line.split()[-1]))
    return found


def writable(objdump, library):
    """[(object file, symbol)] of data that can change: in .data or .bss, and no part of relro."""
    found, member = [], os.path.basename(library)
    for line in run(objdump, "-t", library).splitlines():
        head = re.match(r"(\S+\.o):\s+file format", line)
        if head:
            member = head.group(1)
        match = re.match(r"[0-9a-f]+ .{7} (\.\S+|\*COM\*)\t[0-9a-f]+\s+(?:\.hidden )?(\S+)$", line)
        if not match or match.group(2).startswith("."):
            continue
        section = match.group(1)
        if section == "*COM*" or re.match(r"\.(data|bss|tdata|tbss)(?!\.rel\.ro)", section):
            found.append((member, match.group(2)))
    return found


def allowed_for(rules, name):
    words = set()
    for kind, _, tail, _ in rules:
        if kind == "core" or (kind == name and name == "base_pure"):
            words.update(tail)
    return words


def check(nm, objdump, libraries, rules, may_change=("buf_empty",)):
    offences = []
    names = [name for name, _ in libraries]
    for name, library in libraries:
        known = set(allowed_for(rules, name))
        for _, lower in libraries[names.index(name) :]:
            known.update(symbol for _, symbol in members(nm, lower, "--defined-only"))
        for member, symbol in members(nm, library, "-u"):
            plain = FORTIFIED.sub(r"\1", symbol)
            if plain not in known and not BUILTIN.match(symbol):
                offences.append((member, "%s may not use '%s'" % (name, symbol)))
        for member, symbol in writable(objdump, library):
            if symbol not in may_change:
                offences.append((member, "%s may not hold changing data: '%s'" % (name, symbol)))
    return offences


def source_of(member):
    """calendar.c.o -> calendar.c, as far as the name tells."""
    return re.sub(r"\.o$", "", member.split("[")[-1].rstrip("]").rsplit("/", 1)[-1])


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    found = check(
        sys.argv[1],
        sys.argv[2],
        [tuple(arg.split("=", 1)) for arg in sys.argv[3:]],
        read_rules(os.path.join(here, "purity.conf")),
    )
    for member, what in found:
        print("%s:1: %s" % (source_of(member), what))
    sys.exit(1 if found else 0)
