"""Uploads in parts (tus 1.0): they go on after a lost connection and after a killed gateway."""

import base64
import email.utils
import hashlib
import socket
import time

import samples
from client import new_key
from files_world import MIB, pdf, world
from shapes import ok, problem
from world import UPLOAD_HOURS

TUS = {"Tus_Resumable": "1.0.0"}


def begin(user, size, name="Bản vẽ.pdf", key=None, **headers):
    sent = dict(TUS, Upload_Length=str(size),
                Upload_Metadata="filename " + base64.b64encode(name.encode()).decode())
    sent.update(headers)
    return user.call("POST", "/uploads", b"", key, **sent)


def begun(user, size, **more):
    answer = begin(user, size, **more)
    assert answer.status == 201, answer
    assert answer.headers["Location"] == "/api/v1/uploads/" + answer.json["id"]
    assert answer.headers["Tus-Resumable"] == "1.0.0" and answer.headers["Upload-Offset"] == "0"
    return answer.json["id"]


def part(user, upload, offset, data, **headers):
    sent = dict(TUS, Upload_Offset=str(offset), Content_Type="application/offset+octet-stream")
    sent.update(headers)
    return user.call("PATCH", "/uploads/" + upload, data, **sent)


def offset_of(user, upload):
    answer = user.call("HEAD", "/uploads/" + upload, **TUS)
    assert answer.status == 200, answer.status
    assert answer.headers["Cache-Control"] == "no-store"
    return int(answer.headers["Upload-Offset"])


def send(user, upload, data, at=0, step=MIB):
    while at < len(data):
        answer = part(user, upload, at, data[at:at + step])
        at += len(data[at:at + step])
        assert answer.status == (204 if at < len(data) else 200), answer
        assert answer.headers["Upload-Offset"] == str(at)
    return answer.json


def test_what_is_supported(here):
    answer = here.anyone.call("OPTIONS", "/uploads")
    assert answer.status == 204 and answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Max-Size"] == str(20 * MIB)
    assert set(answer.headers["Tus-Extension"].split(",")) == {"creation", "termination", "expiration"}
    for method in ("PATCH", "HEAD", "DELETE"):
        headers = {"Tus_Resumable": "0.2.2", "Upload_Offset": "0"}
        answer = here.citizen.call(method, "/uploads/x", **headers)
        assert answer.status == 412 and answer.headers["Tus-Version"] == "1.0.0", (method, answer)


def test_twenty_mib_in_parts(here):
    data = pdf(20 * MIB)
    upload = begun(here.citizen, len(data))
    done = send(here.citizen, upload, data)
    assert done == {"id": upload, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data),
                    "type": "application/pdf"}
    assert offset_of(here.citizen, upload) == len(data)
    again = part(here.citizen, upload, len(data), b"")
    assert again.status == 200 and again.json == done
    code = ok(here.citizen.submit(samples.birth(upload=upload)), 201)["code"]
    view = ok(here.citizen.view(code))
    assert view["documents"][0]["file"]["name"] == "Bản vẽ.pdf"
    assert here.citizen.get("/dossiers/%s/documents/1" % code).raw == data
    assert here.value("SELECT count(*) FROM blob WHERE length(sha256) < 32;") == "0"


def test_parts_of_any_size(here):
    data = pdf(700001)
    upload = begun(here.citizen, len(data))
    send(here.citizen, upload, data, step=33333)
    code = ok(here.citizen.submit(samples.birth(upload=upload)), 201)["code"]
    assert here.citizen.get("/dossiers/%s/documents/1" % code).raw == data
    one = begun(here.citizen, len(data))
    send(here.citizen, one, data, step=300000)  # the same content, cut elsewhere
    code = ok(here.citizen.submit(samples.birth(upload=one)), 201)["code"]
    assert here.citizen.get("/dossiers/%s/documents/1" % code).raw == data
    whole = ok(here.citizen.upload(data), 201)["id"]
    code = ok(here.citizen.submit(samples.birth(upload=whole)), 201)["code"]
    assert here.citizen.get("/dossiers/%s/documents/1" % code).raw == data


def test_a_lost_connection_loses_one_part(here):
    data = pdf(3 * MIB)
    upload = begun(here.citizen, len(data))
    assert part(here.citizen, upload, 0, data[:MIB]).status == 204
    with socket.create_connection(("127.0.0.1", here.api.port)) as lost:
        lost.sendall(("PATCH /api/v1/uploads/%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
                      "Tus-Resumable: 1.0.0\r\nUpload-Offset: %d\r\nContent-Length: %d\r\n"
                      "Content-Type: application/offset+octet-stream\r\n\r\n"
                      % (upload, here.citizen.token, MIB, MIB)).encode() + data[MIB:MIB + 500000])
    assert offset_of(here.citizen, upload) == MIB
    assert send(here.citizen, upload, data, MIB)["sha256"] == hashlib.sha256(data).hexdigest()


def test_it_goes_on_after_a_killed_gateway(here):
    files = world()
    data = pdf(6 * MIB)
    upload = begun(files.one, len(data))
    at = 0
    while at < len(data) - MIB:
        assert part(files.one, upload, at, data[at:at + MIB]).status == 204
        at += MIB
        if at % (2 * MIB) == 0:
            files.kill_gateway()
            assert offset_of(files.one, upload) == at
    assert send(files.one, upload, data, at)["sha256"] == hashlib.sha256(data).hexdigest()


def test_a_worker_killed_before_the_last_answer(here):
    """All bytes are there and nobody has looked at them: asking how far it is finishes it."""
    files = world()
    data = pdf(2 * MIB)
    upload = begun(files.one, len(data))
    files.clamd.stop()
    assert part(files.one, upload, 0, data[:MIB]).status == 204
    problem(part(files.one, upload, MIB, data[MIB:]), 503, "scanner_busy")
    problem(files.one.submit(samples.birth(upload=upload)), 422, None, "/documents/0/upload")
    files.kill_gateway()
    files.clamd.start()
    assert offset_of(files.one, upload) == len(data)
    done = part(files.one, upload, len(data), b"")
    assert done.status == 200 and done.json["sha256"] == hashlib.sha256(data).hexdigest()


def test_offsets_lengths_and_headers(here):
    upload = begun(here.citizen, 100000)
    data = pdf(100000)
    problem(part(here.citizen, upload, 5, data), 409, "offset")
    problem(part(here.citizen, upload, 0, data + b"x"), 413, "upload_length")
    problem(part(here.citizen, upload, 0, data[:100]), 422, "part_small")
    problem(part(here.citizen, upload, 0, b""), 422)
    problem(part(here.citizen, upload, 0, data, Content_Type="application/pdf"), 415)
    problem(part(here.citizen, upload, 0, data, Tus_Resumable="2.0.0"), 412, "tus_version")
    for wrong in ("", "-1", "1x", "99999999999999999999", "0x0"):
        problem(part(here.citizen, upload, wrong, data), 400, "bad_header", "Upload-Offset")
    assert part(here.citizen, upload, 0, pdf(MIB + 1)).status == 413
    assert offset_of(here.citizen, upload) == 0
    assert part(here.citizen, upload, 0, data[:50000]).status == 204
    problem(part(here.citizen, upload, 0, data[:50000]), 409, "offset")
    send(here.citizen, upload, data, 50000)
    problem(part(here.citizen, upload, 0, data), 409, "offset")
    for length in ("", "0", "-5", "1e3", "x"):
        problem(begin(here.citizen, 5, Upload_Length=length), 400, "bad_header", "Upload-Length")
    problem(begin(here.citizen, 20 * MIB + 1), 413)
    for metadata in ("filename !!!", "filename YQ==,filename YQ==", ",", "filename YWFhAA=="):
        problem(begin(here.citizen, 5, Upload_Metadata=metadata), 400, "bad_header",
                "Upload-Metadata")
    problem(begin(here.citizen, 5, name="a\nb"), 422, "filename")


def test_the_account_it_belongs_to(here):
    upload = begun(here.citizen, 100000)
    for user in (here.citizen2, here.receiver, here.admin):
        problem(part(user, upload, 0, pdf(100000)), 404)
        assert user.call("HEAD", "/uploads/" + upload, **TUS).status == 404
        problem(user.call("DELETE", "/uploads/" + upload, **TUS), 404)
    problem(begin(here.anyone, 100), 401)
    problem(part(here.anyone, upload, 0, b"x"), 401)
    assert offset_of(here.citizen, upload) == 0
    for wrong in ("x", "01a200f0-0000-7000-8000-000000000000", "y" * 300):
        problem(part(here.citizen, wrong, 0, pdf(20000)), 404)


def test_an_unfinished_one_is_no_document(here):
    upload = begun(here.citizen, 100000)
    part(here.citizen, upload, 0, pdf(50000))
    problem(here.citizen.submit(samples.birth(upload=upload)), 422, None, "/documents/0/upload")


def test_thrown_away(here):
    upload = begun(here.citizen, 100000)
    part(here.citizen, upload, 0, pdf(50000))
    assert here.citizen.call("DELETE", "/uploads/" + upload, **TUS).status == 204
    assert here.citizen.call("HEAD", "/uploads/" + upload, **TUS).status == 404
    problem(here.citizen.call("DELETE", "/uploads/" + upload, **TUS), 404)
    done = ok(here.citizen.upload(pdf(1000)), 201)["id"]
    problem(here.citizen.call("DELETE", "/uploads/" + done, **TUS), 404)


def test_it_expires(here):
    answer = begin(here.citizen2, 100000)
    upload = answer.json["id"]
    ends = email.utils.parsedate_to_datetime(answer.headers["Upload-Expires"]).timestamp()
    assert abs(ends - time.time() - UPLOAD_HOURS * 3600) < 3600, answer.headers["Upload-Expires"]
    part(here.citizen2, upload, 0, pdf(50000))
    here.sql("UPDATE upload SET expires_at = now() - interval '1 minute' WHERE id = '%s';" % upload)
    assert here.citizen2.call("HEAD", "/uploads/" + upload, **TUS).status == 404
    problem(part(here.citizen2, upload, 50000, pdf(50000)), 404)
    left = "SELECT count(*) FROM blob WHERE sha256 = upload_key_v1('%s');" % upload
    assert here.value(left) == "1"
    here.sql("SELECT uploads_expire_v1(100);")
    assert here.value(left) == "0"
    assert here.value("SELECT count(*) FROM upload WHERE id = '%s';" % upload) == "0"


def test_an_account_has_a_limit_of_unfinished_ones(here):
    files = world()
    user = files.citizen("limit")
    kept = [begun(user, 1000) for _ in range(5)]
    problem(begin(user, 1000), 429, "too_many_unfinished")
    assert begin(files.two, 1000).status == 201
    assert user.call("DELETE", "/uploads/" + kept[0], **TUS).status == 204
    for upload in kept[1:3]:
        assert user.call("DELETE", "/uploads/" + upload, **TUS).status == 204
    begun(user, 20 * MIB)
    begun(user, 20 * MIB)
    assert user.call("DELETE", "/uploads/" + kept[3], **TUS).status == 204
    problem(begin(user, 20 * MIB), 429, "too_many_unfinished")  # 60 MB together


def test_a_repeated_beginning_is_the_first_one(here):
    key = new_key()
    first = begun(here.citizen, 100000, key=key)
    assert part(here.citizen, first, 0, pdf(50000)).status == 204
    again = begin(here.citizen, 100000, key=key)
    assert again.status == 201 and again.json["id"] == first
    assert again.headers["Upload-Offset"] == "50000"
    problem(begin(here.citizen, 200000, key=key), 422, "idempotency_key_reused")
    problem(begin(here.citizen, 100, key="x" * 65), 400, "idempotency_key_required")


def test_what_is_no_document_is_refused_at_its_end(here):
    data = b"MZ\x90\0" + b"\1" * 60000
    upload = begun(here.citizen, len(data))
    assert part(here.citizen, upload, 0, data[:40000]).status == 204
    problem(part(here.citizen, upload, 40000, data[40000:]), 415, "file_type")
    assert here.citizen.call("HEAD", "/uploads/" + upload, **TUS).status == 404
    assert here.value("SELECT count(*) FROM blob WHERE sha256 = upload_key_v1('%s');" % upload) == "0"
