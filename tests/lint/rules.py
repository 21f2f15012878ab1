"""Reads layers.conf and the other tables of this folder: `word rest` lines, # starts a comment."""


def read_rules(path):
    """[(first word, text before the colon, words after it, line number)]"""
    rules = []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.split("#", 1)[0].strip()
            if not line:
                continue
            head, _, tail = line.partition(":")
            kind, _, subject = head.strip().partition(" ")
            rules.append((kind, subject.strip(), tail.split(), number))
    return rules
