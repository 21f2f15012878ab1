"""What the virus scanner says decides: the real clamd with a signature of our own."""

import hashlib

import samples
from clamd import INFECTED, SIGNATURE
from client import at_once
from files_world import MIB, pdf, world
from shapes import ok, problem
from t_tus import begun, part


def test_infected_is_refused_with_its_name_and_leaves_a_trace(here):
    files = world()
    before = int(files.value("SELECT count(*) FROM infection;"))
    answer = files.one.upload(INFECTED)
    problem(answer, 422, "infected")
    assert SIGNATURE in answer.json["detail"]
    digest = hashlib.sha256(INFECTED).hexdigest()
    rows = files.sql("SELECT signature, encode(sha256, 'hex'), size, account FROM infection "
                     "ORDER BY id DESC LIMIT 1;")
    assert rows[0][0].startswith(SIGNATURE) and rows[0][1:3] == [digest, str(len(INFECTED))], rows
    assert int(rows[0][3]) == files.accounts["one"]
    assert int(files.value("SELECT count(*) FROM infection;")) == before + 1
    for table in ("blob", "document"):
        assert files.value("SELECT count(*) FROM %s WHERE sha256 = '\\x%s';" % (table, digest)) == "0"
    seen = files.one.call("GET", "/metrics").raw.decode()
    assert 'dvc_files_scanner_configured{worker="gateway/0"} 1' in seen, seen[:300]
    assert not [line for line in seen.splitlines()
                if line.startswith("dvc_files_infected_total{") and line.endswith(" 0")]
    log = files.log_tail(200)
    assert "upload_infected" in log and SIGNATURE in log


def test_the_trace_is_append_only(here):
    import stand
    files = world()
    files.one.upload(INFECTED)
    for wrong in ("DELETE FROM infection", "UPDATE infection SET signature = 'none'"):
        try:
            files.sql(wrong + ";", role="dvcd_app")
        except stand.StandError as error:
            assert "permission denied" in str(error), error
        else:
            raise AssertionError(wrong + " was allowed")


def test_infected_in_parts(here):
    files = world()
    data = INFECTED
    upload = begun(files.one, len(data))
    problem(part(files.one, upload, 0, data), 422, "infected")
    assert files.one.call("HEAD", "/uploads/" + upload, Tus_Resumable="1.0.0").status == 404
    assert files.value("SELECT count(*) FROM blob WHERE sha256 = upload_key_v1('%s');" % upload) == "0"
    problem(files.one.submit(samples.birth(upload=upload)), 422, None, "/documents/0/upload")


def test_clean_files_pass(here):
    files = world()
    for size in (100, MIB, 20 * MIB):
        ok(files.one.upload(pdf(size)), 201)


def test_nothing_is_taken_while_the_scanner_is_away(here):
    files = world()
    files.clamd.stop()
    try:
        data = pdf(5000)
        answer = files.one.upload(data)
        problem(answer, 503, "scanner_busy")
        assert int(answer.headers["Retry-After"]) > 0
        assert files.value("SELECT count(*) FROM document WHERE sha256 = '\\x%s';"
                           % hashlib.sha256(data).hexdigest()) == "0"
        assert files.one.get("/me").status == 200
    finally:
        files.clamd.start()
    ok(files.one.upload(data), 201)


def test_scans_at_once_have_a_limit(here):
    files = world()
    answers = at_once(*[lambda: files.one.upload(pdf(MIB)) for _ in range(12)])
    assert {answer.status for answer in answers} <= {201, 503}, answers
    assert any(answer.status == 201 for answer in answers)
    assert all(answer.json["code"] == "scanner_busy" for answer in answers if answer.status == 503)
    ok(files.one.upload(pdf(MIB)), 201)


def test_every_answer_is_well_formed(here):
    assert not world().api.suspicions, world().api.suspicions[:3]
