"""Lists of a province over years: what each reads, and that it says the same however it is read."""

import os

from client import pages
from shapes import ok
from t_birth import step
from t_certificate import filed

QUERIES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "sql", "queries")


def plan(here, name, *values):
    """How PostgreSQL answers a named statement where reading a whole table is the last resort, and the
    dossiers of this world play no part in what it chooses."""
    with open(os.path.join(QUERIES, name + ".sql"), encoding="utf-8") as file:
        lines = file.read().splitlines()
    types = next(line for line in lines if line.startswith("-- params:"))[10:].split()
    text = "\n".join(line for line in lines if not line.startswith("--"))
    rows = here.sql("BEGIN;\n"
                    "CREATE TEMPORARY TABLE dossier (LIKE public.dossier INCLUDING INDEXES);\n"
                    "ALTER TABLE pg_temp.dossier DROP CONSTRAINT dossier_pkey;\n"
                    "PREPARE q (%s) AS %s;\nSET LOCAL enable_seqscan = off;\n"
                    "SET LOCAL plan_cache_mode = force_generic_plan;\n"
                    "EXPLAIN (COSTS OFF) EXECUTE q (%s);\nROLLBACK;"
                    % (", ".join(types), text, ", ".join(values)))
    return "\n".join(row[0] for row in rows)


def test_a_citizens_own_dossiers_are_found_by_index(here):
    seen = plan(here, "dossiers_mine", "1", "9223372036854775807", "50")
    for condition in ("(owner ->> 'id_number'::text) = $", "id_number = $", "filed_by = $"):
        assert any("Index Cond: " in line and condition in line for line in seen.splitlines()), seen


def test_dossiers_of_a_rare_state_or_procedure_are_found_by_index(here):
    seen = plan(here, "dossiers_staff", "1", "NULL", "NULL", "'stopped'", "NULL", "'1.001193'",
                "9223372036854775807", "50")
    for condition in ("(state = $4)", "(procedure = $6)"):
        assert any("Index Cond: " in line and condition in line for line in seen.splitlines()), seen


def test_a_post_offices_parcels_are_found_by_index(here):
    seen = plan(here, "parcels_list", "1", *["NULL"] * 7, "50", "'{}'")
    assert "parcel_office_newest" in seen, seen


def test_notices_are_the_same_whatever_lies_between(here):
    """Page by page as all at once, when what an account may not see takes up all places of an
    address, and when some of it has been read."""
    code = filed(here)
    step(here.receiver, code, "accept", "receive")
    account = here.value("SELECT id FROM account WHERE username = 'officer';")
    agency = here.value("SELECT agency_competent FROM dossier WHERE code = '%s';" % code)
    foreign = int(here.value("SELECT max(id) FROM dossier;")) + 100000
    here.sql("INSERT INTO dossier SELECT (jsonb_populate_record(d, '{\"id\": %d, \"code\": \"X-%d\","
             " \"external_code\": null, \"agency_competent\": \"H24.15.77\", \"agency_receiving\":"
             " \"H24.15.77\", \"agency_helping\": null}')).* FROM dossier d WHERE d.code = '%s';"
             % (foreign, foreign, code))
    whose = "(account IS NULL AND role = 'officer' AND agency = '%s')" % agency
    try:
        for dossier, count in ((code, 20), ("X-%d" % foreign, 300), (code, 3)):
            here.sql("INSERT INTO notice (role, agency, kind, dossier_id, body, at) SELECT 'officer',"
                     " '%s', 'planted', d.id, '{}', now() FROM generate_series(1, %d), dossier d"
                     " WHERE d.code = '%s';" % (agency, count, dossier))
        # By the definition, one notice after the other.
        wanted = [row[0] for row in here.sql(
            "SELECT n.id FROM notice n JOIN dossier d ON d.id = n.dossier_id"
            " WHERE dossier_visible_v1(%s, d) AND (n.account = %s OR n.account IS NULL AND EXISTS ("
            "  SELECT FROM account_places_v1(%s) p WHERE p.role = n.role AND p.agency = n.agency"
            "   AND (p.procedure IS NULL OR p.procedure = d.procedure))) ORDER BY n.id DESC;"
            % (account, account, account))]
        assert len(wanted) >= 23
        for most in (1, 2, 50, 1000):
            got, before = [], "9223372036854775807"
            while True:
                page = [row[0] for row in here.sql("SELECT id FROM account_notices_v2(%s, %s, %d, false);"
                                                   % (account, before, most))]
                got += page
                if len(page) < most:
                    break
                before = page[-1]
            assert got == wanted, (most, len(got), len(wanted))
        assert str(pages(here.officer, "/notices", limit=3)[0]["id"]) == wanted[0]
        here.officer.post("/notices/read", {"up_to": int(wanted[1])})
        assert ok(here.officer.get("/notices", limit=1))["unread"] == 1, "the newest alone"
    finally:
        here.sql("DELETE FROM notice WHERE kind = 'planted' AND %s;"
                 " DELETE FROM dossier WHERE id = %d;" % (whose, foreign))
