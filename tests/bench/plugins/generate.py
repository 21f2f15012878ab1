"""Makes a folder of procedures that exist nowhere, of the shapes and sizes of the real ones:

    python3 generate.py FOLDER [--count 2600] [--seed 1]

FOLDER gets procedures/ and workflows/. The same seed and count give the same bytes. Standard library only."""

import argparse
import os
import random
import statistics

import flow
import words

SHARED = 24  # shared workflows


def code_of(index):
    return "%d.%06d" % (4 + index % 6, 100000 + index)


def quoted(text):
    return '"%s"' % text if any(mark in text for mark in ",:#{}[]") else text


class Head:
    """What a shared workflow and the procedures that use it must agree on."""

    def __init__(self, dice):
        self.same_day = dice.random() < 0.1
        self.hours = 8 if self.same_day else 8 * dice.choice((3, 5, 7, 10, 15, 20, 30, 45))
        self.channels = ["online", "direct"]
        self.postal = dice.random() < 0.7
        if self.postal and dice.random() < 0.8:
            self.channels.insert(1, "post")
        self.payment = dice.random() < 0.5
        self.shape = flow.Shape(dice, self.hours, self.channels, self.postal, self.payment)


def with_experts(dice, shape, condition):
    if shape.hours >= 40 and dice.random() < 0.45:
        shape.experts = dice.sample(words.EXPERTS, dice.choice((2, 2, 2, 3)))
        shape.when_experts = condition


def head_lines(dice, head, index, authority, linked):
    name = "%s %s %s %s" % (dice.choice(words.DEEDS), dice.choice(words.THINGS), dice.choice(words.OF_WHOM),
                            dice.choice(words.WHERE))
    level = dice.choice(("full", "partial", "partial")) if head.payment else "partial"
    subjects = ["citizen", "business", "organisation"] if linked else \
        dice.choice((["citizen"], ["citizen", "business"], ["business", "organisation"],
                     ["citizen", "business", "organisation"]))
    total = "same_day" if head.same_day else flow.hours_text(head.hours)
    if not head.same_day and dice.random() < 0.2 and head.hours % 40 == 0:
        total = "%d calendar_days" % (head.hours // 40 * 7)
    lines = [
        "# Thủ tục dựng để đo và thử, không có thật (số %d)." % index, "dvc: 1",
        'procedure: "%s"' % code_of(index), "version: %d" % dice.choice((1, 1, 1, 2, 3)),
        "name: %s (mã %s)" % (name, code_of(index)) if "," not in name else
        'name: "%s (mã %s)"' % (name, code_of(index)),
        "field: %s" % quoted(dice.choice(words.FIELDS)),
        "decision: %d/QĐ-UBND" % dice.randint(10, 4000), "legal_basis:"]
    lines += ["  - %s, Điều %d" % (law, dice.randint(3, 90))
              for law in dice.sample(words.LAWS, dice.randint(2, 5))]
    lines += [
        "effective: {from: %s}" % dice.choice(("2025-07-01", "2025-10-01", "2026-01-01")),
        "level: %s" % level, "authority: %s" % authority, "subjects: [%s]" % ", ".join(subjects),
        "presence_required: false", "authorisation_allowed: true", "on_the_spot: false",
        "clock: {starts: accept, due_time: end_of_day%s}" % (', cut_off: "15:00"' if head.same_day else ""),
        "channels:"]
    lines += ["  %s: {limit: %s}" % (channel, total) for channel in head.channels]
    lines += ["postal: {collect: %s, return: %s%s}"
              % ("true" if "post" in head.channels else "false", "true" if head.postal else "false",
                 ", decision: Quyết định số 45/2016/QĐ-TTg" if head.postal else ""),
              "supplement:", "  intake: {max: 1, closes_after: 30 calendar_days}",
              "  appraisal: {max: 1, within: 3 working_days, then: restart, closes_after: 30 calendar_days}",
              "warn: [{at: 50%, to: assignee}, {at: -1 working_day, to: unit_head}, {at: due, to: leader}, "
              "{at: +1 working_day, to: leader}]" if not head.same_day else
              "warn: [{at: 50%, to: assignee}, {at: due, to: leader}]"]
    if dice.random() < 0.15:
        lines += ["screening:", "  question: Trường hợp này có được miễn thực hiện thủ tục không?",
                  '  stop_when: "yes"', "  tell: Trường hợp được miễn thì không phải nộp hồ sơ này."]
    return lines


def case_lines(dice, cases):
    lines = ["", "cases:"]
    for case, name in cases:
        lines.append("  - {id: %s, name: %s}" % (case, quoted(name)))
    return lines


def fee_lines(dice, head, cases, counted):
    lines = ["", "fees:"]
    for number in range(dice.choice((1, 1, 2, 3))):
        amount = dice.choice((8000, 20000, 50000, 75000, 150000, 300000, 1200000))
        value = str(amount)
        if dice.random() < 0.4:
            value = "{%s}" % ", ".join("%s: %d" % (channel, amount // 2 if channel == "online" else amount)
                                       for channel in head.channels)
        line = "  - {id: fee_%d, name: %s, kind: %s, amount: %s, pay: %s" % (
            number + 1, "Phí thẩm định hồ sơ" if number else "Lệ phí giải quyết hồ sơ",
            "phi" if number else "le_phi", value, "before_accept" if number == 0 else "before_result")
        if cases and number and dice.random() < 0.6:
            line += ", case: %s" % dice.choice(cases)[0]
        elif counted and dice.random() < 0.5:
            line += ", per: %s" % counted
        if dice.random() < 0.5:
            line += ", waive_if: 'applicant.waiver in [\"poor\", \"merit\"]'"
        lines.append(line + "}")
    return lines


class Form:
    """Fields drawn one by one; names used twice get a number."""

    def __init__(self, dice, count, cases, plain):
        self.dice, self.cases, self.lines, self.used = dice, cases, [], {}
        self.plain = plain  # nothing required but text: may be opened by another procedure
        self.flag = self.number = self.choice = self.counted = None
        self.required = []
        self._one("text")
        for _ in range(count - 2):
            self._one(dice.choices(("text", "long", "number", "date", "other", "flag", "choice"),
                                   (30, 8, 18, 10, 18, 8, 8))[0])
        self.lines.append("  - {id: pledge, label: \"Cam đoan những lời khai trên là đúng sự thật\", type: boolean"
                          "%s}" % ("" if plain else ", required: true"))

    def _name(self, field, label):
        seen = self.used[field] = self.used.get(field, 0) + 1
        if seen == 1:
            return field, quoted(label)
        return "%s_%d" % (field, seen), quoted("%s (%d)" % (label, seen))

    def _condition(self):
        dice, roll = self.dice, self.dice.random()
        if self.plain or roll > 0.25:
            return ""
        if self.flag and roll < 0.1:
            return ", required_if: form.%s, show_if: form.%s" % (self.flag, self.flag)
        if self.number and roll < 0.15:
            return ", required_if: 'form.%s >= %d'" % (self.number, dice.randint(2, 50))
        if self.choice and roll < 0.2:
            return ", show_if: 'form.%s in [%s]'" % (
                self.choice[0], ", ".join('"%s"' % value for value, _ in self.choice[1][:2]))
        if self.cases and roll < 0.25:
            return ", required_if: 'case == \"%s\"'" % dice.choice(self.cases)[0]
        return ""

    def _one(self, kind):
        dice = self.dice
        if kind == "text" or kind == "long":
            field, label, more = dice.choice(words.TEXTS if kind == "text" else words.LONG_TEXTS)
            first = not self.lines
            if first:
                field, label, more = words.TEXTS[0]
            field, label = self._name(field, label)
            if first:
                self.required.append(field)
            condition = ", required: true" if first else self._condition()
            self.lines.append("  - {id: %s, label: %s, type: %s%s, %s}" % (
                field, label, "text" if kind == "text" else "textarea", condition, more))
        elif kind == "number":
            field, label, what, low, high = dice.choice(words.NUMBERS)
            field, label = self._name(field, label)
            self.lines.append("  - {id: %s, label: %s, type: %s, min: %d, max: %d%s}" % (
                field, label, what, low, high, self._condition()))
            self.number = field
            if what == "integer" and high <= 1000:
                self.counted = field
        elif kind == "date":
            field, label, more = dice.choice(words.DATES)
            field, label = self._name(field, label)
            self.lines.append("  - {id: %s, label: %s, type: date%s%s}" % (
                field, label, more, self._condition()))
        elif kind == "other":
            field, label, what, more = dice.choice(words.OTHERS)
            field, label = self._name(field, label)
            self.lines.append("  - {id: %s, label: %s, type: %s%s%s}" % (
                field, label, what, self._condition(), more))
        elif kind == "flag":
            field, label = self._name(*dice.choice(words.FLAGS))
            self.lines.append("  - {id: %s, label: %s, type: boolean}" % (field, label))
            self.flag = field
        else:
            field, label, options = dice.choice(words.CHOICES)
            field, label = self._name(field, label)
            self.lines += ["  - id: %s" % field, "    label: %s" % label, "    type: select", "    options:"]
            self.lines += ["      - {value: %s, label: %s}" % (value, quoted(text)) for value, text in options]
            self.choice = (field, options)


def paper_lines(dice, count, form, cases, plain):
    lines = ["", "documents:"]
    for number, (paper, name) in enumerate(dice.sample(words.PAPERS, count)):
        lines += ["  - id: %s" % paper, "    name: %s" % quoted(name),
                  "    %s: %d" % (dice.choice(("original", "certified", "photo")), dice.choice((1, 1, 1, 2)))]
        roll = dice.random()
        if number == 0 and not plain:
            lines.append("    required: true")
        elif plain:
            pass
        elif form.flag and roll < 0.15:
            lines.append("    required_if: form.%s" % form.flag)
        elif roll < 0.25:
            lines.append("    required_if: 'channel == \"direct\"'")
        elif cases and roll < 0.4:
            lines.append("    cases: [%s]" % dice.choice(cases)[0])
        lines += ["    formats: [pdf, jpg, jpeg, png]", "    max_mb: %d" % dice.choice((5, 10, 20))]
        if dice.random() < 0.1:
            lines.append('    reuse: ["KQ.G10.%06d"]' % dice.randint(1, 2000))
    return lines


def linkable(index):
    """Those that others may open: nothing is asked but a text."""
    return index % 40 == 0


def procedure(seed, index, count, shared):
    """(file name, text) of one."""
    dice = random.Random("%d/%d" % (seed, index))
    plain = linkable(index)
    use = None if plain or dice.random() < 0.5 else dice.randrange(len(shared))
    head = shared[use][1] if use is not None else Head(dice)
    opens = use is None and not plain and index % 40 == 7
    authority = "commune" if plain or opens else dice.choice(("commune", "department", "department"))
    cases = dice.sample(words.CASES, dice.choice((2, 3, 4))) if not plain and dice.random() < 0.4 else []
    form = Form(dice, min(40, max(5, int(dice.gauss(20, 9)))), cases, plain)
    lines = head_lines(dice, head, index, authority, plain or opens)
    if cases:
        lines += case_lines(dice, cases)
    if head.payment:
        lines += fee_lines(dice, head, cases, form.counted)
    lines += ["", "form:"] + form.lines
    lines += paper_lines(dice, min(15, max(3, int(dice.gauss(6, 3)))), form, cases, plain)
    lines += ["", "results:", '  - {code: "KQ.%s", name: Kết quả giải quyết, electronic: true}' % code_of(index), ""]
    if use is not None:
        limits = ""
        if dice.random() < 0.3:
            limits = ", limits: {appraise: %s}" % flow.hours_text(max(1, head.hours // 8))
        lines.append("workflow: {use: %s, version: 1%s}" % (shared[use][0], limits))
    else:
        condition = "form.%s >= %d" % (form.number, dice.randint(2, 40)) if form.number else None
        with_experts(dice, head.shape, condition)
        if opens:
            other = index - 7
            head.shape.spawn = [
                '- spawn: "%s"' % code_of(other), "  as: after", "  form: {owner_name: form.%s}"
                % form.required[0], "  documents: {}"]
        lines += ["workflow:", "  start: receive", "  steps:"]
        lines += ["    " + line for line in flow.steps(head.shape)]
    return code_of(index) + ".yaml", "\n".join(lines) + "\n"


def shared_workflows(seed):
    """[(name, head, text)]"""
    found = []
    for number in range(SHARED):
        dice = random.Random("%d/shared/%d" % (seed, number))
        head = Head(dice)
        with_experts(dice, head.shape, None)
        name = "made-up-%02d" % number
        lines = ["# Quy trình dùng chung dựng để đo và thử.", "dvc: 1", "workflow: %s" % name, "version: 1",
                 "name: Quy trình dùng chung số %d" % number, "start: receive", "steps:"]
        lines += ["  " + line for line in flow.steps(head.shape)]
        found.append((name, head, "\n".join(lines) + "\n"))
    return found


def write_all(folder, count, seed):
    """Makes the files; (bytes of all procedures, median, bytes of the shared workflows)."""
    sizes, shared_bytes = [], 0
    shared = shared_workflows(seed)
    for name in ("procedures", "workflows"):
        os.makedirs(os.path.join(folder, name), exist_ok=True)
    for name, _, text in shared:
        shared_bytes += len(text.encode())
        with open(os.path.join(folder, "workflows", name + "-1.yaml"), "w", encoding="utf-8") as file:
            file.write(text)
    for index in range(count):
        name, text = procedure(seed, index, count, shared)
        sizes.append(len(text.encode()))
        with open(os.path.join(folder, "procedures", name), "w", encoding="utf-8") as file:
            file.write(text)
    return sum(sizes), int(statistics.median(sizes)), shared_bytes


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--count", type=int, default=2600)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    total, median, shared_bytes = write_all(options.folder, options.count, options.seed)
    print("%d procedures, %.1f MB, median %d bytes; %d shared workflows, %.0f KB"
          % (options.count, total / 1e6, median, SHARED, shared_bytes / 1e3))


if __name__ == "__main__":
    main()
