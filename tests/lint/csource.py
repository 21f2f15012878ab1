"""What the lints need to know about C text: strings, comments and functions, each with its line."""

import os
import re
from collections import namedtuple

Piece = namedtuple("Piece", "line kind text")  # kind: code, comment, string
Function = namedtuple("Function", "line name length")

_TOKEN = re.compile(
    r"/\*.*?\*/|//[^\n]*"  # comment
    r"|\"(?:\\.|[^\"\\\n])*\""  # string
    r"|'(?:\\.|[^'\\\n])*'",  # character
    re.S,
)
_STRING_GAP = re.compile(r"(?:\s|[A-Z]\w*)*")  # between joined literals: blanks, PRId64


def c_files(root, *folders):
    """Paths relative to root of the .c and .h files below the folders, sorted."""
    found = []
    for folder in folders:
        for where, dirs, names in os.walk(os.path.join(root, folder)):
            dirs.sort()
            for name in sorted(names):
                if name.endswith((".c", ".h")):
                    found.append(os.path.relpath(os.path.join(where, name), root))
    return found


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as file:
        return file.read()


def pieces(text):
    """The text as code, comments and string literals; literals that C joins are one piece."""
    line, at = 1, 0
    out = []
    for match in _TOKEN.finditer(text):
        code = text[at : match.start()]
        if code:
            out.append(Piece(line, "code", code))
            line += code.count("\n")
        token = match.group()
        if token.startswith("/"):
            out.append(Piece(line, "comment", token))
        elif token.startswith('"'):
            out.append(Piece(line, "string", token[1:-1]))
        line += token.count("\n")
        at = match.end()
    if text[at:]:
        out.append(Piece(line, "code", text[at:]))
    return out


def strings(text):
    """(line, text) of each string literal, adjacent ones joined as the compiler joins them."""
    out = []
    joining = False
    for piece in pieces(text):
        if piece.kind == "string" and joining:
            out[-1] = (out[-1][0], out[-1][1] + piece.text)
        elif piece.kind == "string":
            out.append((piece.line, piece.text))
            joining = True
        elif piece.kind == "code":
            joining = joining and _STRING_GAP.fullmatch(piece.text) is not None
    return out


def code_lines(text):
    """(line, code) without comments, strings and character constants."""
    for piece in pieces(text):
        if piece.kind == "code":
            for offset, code in enumerate(piece.text.split("\n")):
                if code.strip():
                    yield piece.line + offset, code


def functions(text):
    """Functions by our brace style: a brace alone in column 0 opens the body and closes it."""
    out = []
    opened = None
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if line == "{" and opened is None:
            opened = number
        elif line == "}" and opened is not None:
            out.append(Function(opened, _name_before(lines, opened), number - opened - 1))
            opened = None
    return out


def _name_before(lines, opened):
    for line in reversed(lines[max(0, opened - 12) : opened - 1]):
        match = re.match(r"(?=[A-Za-z_]).*?(\w+)\s*\(", line)
        if match:
            macro = re.match(r"(?:DVC_TEST|Test)\(\s*(\w+),\s*(\w+)", line)
            return "%s.%s" % macro.groups() if macro else match.group(1)
    return "?"


def report(offences):
    """Prints `file:line: what` for each and gives the exit code."""
    for path, line, what in offences:
        print("%s:%d: %s" % (path, line, what))
    return 1 if offences else 0
