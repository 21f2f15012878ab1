"""For random accounts, grants, delegations and dossiers: no list, search, page, file, stream or figure
shows what core/access would refuse. The truth is core's own function, asked through rights_oracle with
the world as the database has it; what is in force is reckoned here once more. Output is TAP.

The world is always the same one, so that a red run can be repeated; DVC_SEED=n is another, and
DVC_SEED=random draws one.
"""

import http.client
import json
import os
import random
import secrets
import subprocess
import sys
import threading
import time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(HERE)), "stand"))
import filing  # noqa: E402
import stand  # noqa: E402

SEED = os.environ.get("DVC_SEED", "20261122")
SEED = secrets.randbelow(1 << 31) if SEED == "random" else int(SEED)
RANDOM = random.Random(SEED)
DOSSIERS, STAFF, CITIZENS = 40, 14, 4
ROLES = ("receiver", "officer", "unit_head", "leader", "clerk", "cashier", "postal", "auditor",
         "admin")
CLASSES = ("resolved.early", "resolved.on_time", "resolved.late", "open.in_time", "open.late",
           "received.online", "received.direct", "apart.withdrawn", "apart.paused")
RESULTS = []


def check(good, what):
    RESULTS.append(bool(good))
    print("%sok %d - %s" % ("" if good else "not ", len(RESULTS), what), flush=True)


class World(stand.Stand):
    def make(self):
        self.add_accounts()
        self.communes = RANDOM.sample(filing.communes(), 4)
        self.agencies = dict(self.sql("SELECT code, coalesce(parent, '') FROM agency"))
        self.places = [agency for agency, _ in self.communes]
        self.places += [self.agencies[self.places[0]], "H24", "H24.04", "H24.05"]
        self.file_dossiers()
        self.offices = [row[0] for row in self.sql(
            "SELECT DISTINCT office FROM parcel WHERE office IS NOT NULL")] + ["VNP.31"]
        self.places += self.offices
        for i in range(STAFF):
            self.add_account("stand-s%d" % i, "staff", ())
        for i in range(CITIZENS):
            self.add_account("stand-c%d" % i, "citizen", ())
        self.sql("".join(self.random_grants()) + "".join(self.random_delegations())
                 + "".join(self.verified_numbers()))
        self.file_as_citizens()

    def send(self, path, body, account):
        status, _, text = self.call("POST", "/api/v1" + path, body=filing.text(body).encode(),
                                    headers={"Authorization": "Bearer " + self.tokens[account],
                                             "Content-Type": "application/json",
                                             "Idempotency-Key": secrets.token_hex(16)}, timeout=30)
        return status, json.loads(text) if text else None

    def file_dossiers(self):
        for number in range(DOSSIERS):
            agency, commune = RANDOM.choice(self.communes)
            procedure = RANDOM.choice(filing.PROCEDURES)
            delivery = RANDOM.choice(("counter", "post"))
            body = filing.submission(number + 1, agency, commune, procedure, delivery)
            account = RANDOM.choice(("portal", "portal", "staff"))
            if account == "staff":
                body["channel"] = "direct"
                body["received_at_agency"] = RANDOM.choice(self.communes)[0]
            status, answer = self.send("/dossiers", body, account)
            if status != 201:
                raise stand.StandError("filing %s: %d %s" % (procedure, status, answer))
            for _ in range(RANDOM.choice((0, 1, 2, 4, 8, 14))):
                self.move(answer["code"])

    def move(self, code):
        view = self.get("/api/v1/dossiers/" + code, "staff")
        for task in view["tasks"]:
            if any(one["action"] == "consult" for one in task["actions"]):
                self.send("/dossiers/%s/actions" % code, {"action": "consult", "task": task["id"]},
                          "staff")
                return
        body = filing.onward(view)
        if body is not None:
            self.send("/dossiers/%s/actions" % code, body, "staff")

    def when(self):
        """(valid_from, valid_to) as SQL, and whether now lies between."""
        return RANDOM.choice((("now() - interval '1 day'", "NULL", True),
                              ("now() - interval '1 day'", "now() + interval '1 day'", True),
                              ("now() - interval '2 days'", "now() - interval '1 day'", False),
                              ("now() + interval '1 day'", "now() + interval '2 days'", False)))

    def random_grants(self):
        """The first four hold something that shows rows, whatever chance gives to all."""
        self.grants = [(0, "officer", self.communes[0][0], False, True),
                       (1, "auditor", self.agencies[self.places[0]], True, True),
                       (2, "receiver", self.communes[1][0], False, True),
                       (3, "postal", self.offices[0], False, True)]
        for i, role, agency, below, _ in self.grants:
            yield self.insert_grant(i, role, agency, below, "now() - interval '1 day'", "NULL")
        for i in range(STAFF):
            for _ in range(RANDOM.randrange(5)):
                role = RANDOM.choice(ROLES)
                agency = RANDOM.choice(self.offices if role == "postal" and RANDOM.random() < 0.8
                                       else self.places)
                below = RANDOM.random() < 0.3
                since, until, holds = self.when()
                if any(one[:3] == (i, role, agency) for one in self.grants):
                    continue
                self.grants.append((i, role, agency, below, holds))
                yield self.insert_grant(i, role, agency, below, since, until)

    def insert_grant(self, i, role, agency, below, since, until):
        return ("INSERT INTO role_grant (account, role, agency, below, valid_from, valid_to) "
                "VALUES (%d, '%s', '%s', %s, %s, %s);\n"
                % (self.accounts["s%d" % i], role, agency, below, since, until))

    def holds(self, i, role, agency):
        for who, what, where, below, now in self.grants:
            if now and who == i and what == role and (
                    where == agency or below and where in self.above(agency)):
                return True
        return False

    def above(self, agency):
        while agency:
            yield agency
            agency = self.agencies[agency]

    def random_delegations(self):
        self.delegations = []
        for _ in range(STAFF * 2):
            giver, taker = RANDOM.sample(range(STAFF), 2)
            own = [one for one in self.grants if one[0] == giver]
            role, agency = RANDOM.choice(ROLES[:6]), RANDOM.choice(self.places)
            if own and RANDOM.random() < 0.8:
                role, agency = RANDOM.choice(own)[1:3]
            procedure = RANDOM.choice((None, *filing.PROCEDURES))
            since, until, holds = self.when()
            if until == "NULL":
                until = "now() + interval '3 days'"
            if holds and self.holds(giver, role, agency):
                self.delegations.append((taker, giver, role, agency, procedure))
            yield ("INSERT INTO delegation (from_account, to_account, role, agency, procedure, "
                   "valid_from, valid_to, legal_basis) VALUES (%d, %d, '%s', '%s', %s, %s, %s, 'x');\n"
                   % (self.accounts["s%d" % giver], self.accounts["s%d" % taker], role, agency,
                      "'%s'" % procedure if procedure else "NULL", since, until))

    def verified_numbers(self):
        numbers = [row[0] for row in self.sql(
            "SELECT DISTINCT coalesce(owner ->> 'id_number', id_number) FROM dossier")]
        names = ["c%d" % i for i in range(CITIZENS - 1)] + ["s0"]
        for name, number in zip(names, RANDOM.sample(numbers, len(names))):
            yield ("UPDATE account SET id_number = '%s' WHERE id = %d;\n"
                   % (number, self.accounts[name]))

    def file_as_citizens(self):
        for i in range(CITIZENS):
            agency, commune = RANDOM.choice(self.communes)
            body = filing.submission(500 + i, agency, commune, "1.004873")
            status, answer = self.send("/dossiers", body, "c%d" % i)
            if status != 201:
                raise stand.StandError("filing as a citizen: %d %s" % (status, answer))

    # ---- the truth ----

    def oracle(self):
        lines = ["agency\t%s\t%s" % (code, parent or "-") for code, parent in self.agencies.items()]
        for row in self.sql("SELECT id, kind, coalesce(id_number, '-') FROM account "
                            "WHERE username LIKE 'stand-_%'"):
            lines.append("account\t" + "\t".join(row))
        for i, role, agency, below, now in self.grants:
            if now:
                lines.append("grant\t%d\t%s\t%s\t%d" % (self.accounts["s%d" % i], role, agency, below))
        for role in stand.STAFF_ROLES:
            lines.append("grant\t%d\t%s\tH24\t1" % (self.accounts["staff"], role))
        for taker, giver, role, agency, procedure in self.delegations:
            lines.append("delegated\t%d\t%d\t%s\t%s\t%s" % (
                self.accounts["s%d" % taker], self.accounts["s%d" % giver], role, agency,
                procedure or "-"))
        for row in self.sql("SELECT code, procedure, coalesce(agency_helping, '-'), agency_receiving, "
                            "agency_competent, filed_by, coalesce(owner_account, 0), "
                            "coalesce(id_number, '-'), coalesce(owner ->> 'id_number', '-') "
                            "FROM dossier ORDER BY id"):
            lines.append("dossier\t" + "\t".join(row))
        for row in self.sql("SELECT DISTINCT d.code, t.agency FROM task t JOIN dossier d "
                            "ON d.id = t.dossier_id WHERE t.agency IS NOT NULL"):
            lines.append("asked\t" + "\t".join(row))
        for row in self.sql("SELECT DISTINCT d.code, p.office FROM parcel p JOIN dossier d "
                            "ON d.id = p.dossier_id WHERE p.office IS NOT NULL"):
            lines.append("parcel\t" + "\t".join(row))
        text = subprocess.run([sys.argv[1]], input="\n".join(lines) + "\n", capture_output=True,
                              encoding="utf-8", check=True).stdout
        self.may, self.at, self.carries = {}, {}, {}
        for words in (line.split(" ") for line in text.splitlines()):
            if words[1] == "place":
                self.at.setdefault(int(words[0]), set()).add((words[2], words[3]))
            elif words[1] == "parcel":
                self.carries.setdefault(int(words[0]), set()).add((words[2], words[3]))
            else:
                self.may.setdefault(int(words[0]), set()).add(words[1])


class Reader:
    """One account, over one connection."""

    def __init__(self, world, name):
        self.world, self.name = world, name
        self.id = world.accounts[name]
        self.may = world.may.get(self.id, set())
        self.at = world.at.get(self.id, set())
        self.carries = world.carries.get(self.id, set())
        self.line = http.client.HTTPConnection("127.0.0.1", world.port, timeout=30)

    def ask(self, path, **query):
        if query:
            path += "?" + urllib.parse.urlencode(query)
        self.line.request("GET", "/api/v1" + path,
                          headers={"Authorization": "Bearer " + self.world.tokens[self.name]})
        answer = self.line.getresponse()
        body = answer.read()
        return answer.status, body

    def pages(self, path, **query):
        """All items, or none when this account may not ask at all."""
        items, query = [], dict(query, limit=7)
        while True:
            status, body = self.ask(path, **query)
            if status in (401, 403, 404):
                return items
            if status != 200:
                raise AssertionError("%s GET %s %s: %d %s" % (self.name, path, query, status,
                                                              body[:200]))
            page = json.loads(body)
            items += page["items"]
            if page["next"] is None:
                return items
            query["page"] = page["next"]


def code_of(item):
    code = item.get("dossier") or item.get("code")
    return code.get("code") if isinstance(code, dict) else code


def lists_of(reader, dossiers):
    """(what was asked, items) of everything that gives rows of dossiers."""
    some = RANDOM.sample(dossiers, 6)
    yield "/dossiers", reader.pages("/dossiers")
    yield "/dossiers?mine=1", reader.pages("/dossiers", mine=1)
    for code, procedure, agency, state, name, phone, number in some:
        for query in ({"q": code}, {"q": name}, {"q": phone}, {"q": number},
                      {"procedure": procedure}, {"agency": agency}, {"state": state}):
            yield "/dossiers %s" % query, reader.pages("/dossiers", **query)
    yield "/tasks", reader.pages("/tasks")
    for code, _, agency, _, name, _, _ in some[:3]:
        yield "/tasks?q=code", reader.pages("/tasks", q=code)
        yield "/tasks?agency", reader.pages("/tasks", agency=agency)
    yield "/notices", reader.pages("/notices")
    today = time.strftime("%Y-%m-%d")
    for kind in CLASSES:
        for agency in ("H24", some[0][2]):
            yield "/statistics/on-time/dossiers %s" % kind, reader.pages(
                "/statistics/on-time/dossiers", **{"from": "2026-01-01", "to": today,
                                                   "agency": agency, "class": kind})


def check_lists(reader, dossiers):
    shown, wrong = 0, []
    for what, items in lists_of(reader, dossiers):
        codes = {code_of(item) for item in items} - {None}
        shown += len(codes)
        wrong += ["%s shows %s" % (what, code) for code in codes - reader.may]
    return shown, wrong


def check_parcels(reader):
    """A post office's operator sees the parcels of that office, without seeing the dossiers."""
    wrong, items = [], reader.pages("/parcels")
    shown = {(code_of(item), item.get("office")) for item in items}
    for code, office in shown:
        if code not in reader.may and (code, office) not in reader.carries:
            wrong.append("/parcels shows %s" % code)
    wrong += ["/parcels does not show %s" % code for code, office in reader.carries - shown]
    return len(items), wrong


def check_pages(reader, dossiers):
    shown, wrong = 0, []
    for code, *_ in dossiers:
        for page in ("", "/events", "/deadline", "/workflow", "/documents/0", "/forms/receipt",
                     "/forms/control_slip", "/results/0"):
            status, body = reader.ask("/dossiers/%s%s" % (code, page))
            shown += status == 200
            if status == 200 and code not in reader.may:
                wrong.append("/dossiers/%s%s is shown" % (code, page))
            if page in ("", "/events") and status != 200 and code in reader.may:
                wrong.append("/dossiers/%s%s is not: %d" % (code, page, status))
            if status not in (200, 404) and code not in reader.may:
                wrong.append("/dossiers/%s%s tells that it exists: %d %s" % (code, page, status,
                                                                             body[:120]))
    return shown, wrong


def check_stream(reader, found):
    """Queues that the stream names within a few seconds."""
    line = http.client.HTTPConnection("127.0.0.1", reader.world.port, timeout=4)
    try:
        line.request("GET", "/api/v1/tasks/stream", headers={
            "Authorization": "Bearer " + reader.world.tokens[reader.name],
            "Accept": "text/event-stream"})
        answer = line.getresponse()
        if answer.status != 200:
            return
        end = time.monotonic() + 4
        while time.monotonic() < end:
            text = answer.readline().decode()
            if text.startswith("data:"):
                found.append((reader, json.loads(text[5:])["queue"]))
    except (OSError, http.client.HTTPException):
        pass
    finally:
        line.close()


def streams_show_own_queues(world, readers):
    """Everything moves a little while all listen."""
    found = []
    threads = [threading.Thread(target=check_stream, args=(reader, found)) for reader in readers]
    for thread in threads:
        thread.start()
    time.sleep(1)
    for row in world.sql("SELECT code FROM dossier ORDER BY id LIMIT 20"):
        world.move(row[0])
    for thread in threads:
        thread.join(15)
    wrong = []
    for reader, queue in found:
        agency, role = queue.rsplit("/", 1)
        heads = {("unit_head", agency)} if role == "officer" else set()
        if not ({(role, agency)} | heads) & reader.at and not delegated_at(reader, role, agency):
            wrong.append("%s is told of %s" % (reader.name, queue))
    return len(found), wrong


def delegated_at(reader, role, agency):
    return any("s%d" % taker == reader.name and where == agency and what in (role, "unit_head")
               for taker, _, what, where, _ in reader.world.delegations)


def test(world):
    world.make()
    world.oracle()
    dossiers = [tuple(row) for row in world.sql(
        "SELECT code, procedure, agency_competent, state, name_folded, coalesce(phone, '-'), "
        "coalesce(id_number, '-') FROM dossier ORDER BY id")]
    names = ["s%d" % i for i in range(STAFF)] + ["c%d" % i for i in range(CITIZENS)]
    readers = [Reader(world, name) for name in names]
    total, seen = [0, 0, 0], 0
    for reader in readers:
        seen += len(reader.may)
        for i, part in enumerate((lambda: check_lists(reader, dossiers), lambda: check_parcels(reader),
                                  lambda: check_pages(reader, dossiers))):
            shown, wrong = part()
            total[i] += shown
            check(not wrong, "%s, who may see %d of %d: %s %s" % (
                reader.name, len(reader.may), len(dossiers), ("lists", "parcels", "pages")[i],
                wrong[:3]))
    queues, wrong = streams_show_own_queues(world, readers)
    check(not wrong, "streams: %d queues told, %s" % (queues, wrong[:3]))
    # A test that is shown nothing proves nothing.
    check(seen > 20 and min(total[0], total[2]) > 50,
          "%d pairs of account and dossier; rows in lists, parcels, pages: %s" % (seen, total))


def main():
    print("# DVC_SEED=%d" % SEED, flush=True)
    world = World(settings={"intake": {"citizen_filing": True}},
                  say=lambda text: print("# " + text, flush=True))
    try:
        world.start()
        test(world)
    except Exception as error:
        print("# " + world.log_tail(8).replace("\n", "\n# "))
        check(False, repr(error))
        raise
    finally:
        world.stop()
        print("1..%d" % len(RESULTS), flush=True)
    return 0 if all(RESULTS) else 1


sys.exit(main())
