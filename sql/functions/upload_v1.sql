-- Uploads that come in parts. The parts of one that is under way lie in `blob` under this key, 16 bytes
-- long, which no digest is.
CREATE OR REPLACE FUNCTION upload_key_v1(id text) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT substring(sha256(convert_to('upload' || id, 'UTF8')) FROM 1 FOR 16)
$$;

-- Begins one. Answers 'made', 'there' (this account began it before: nothing is changed), 'other' (it
-- is there with another size, or is somebody else's), 'count' or 'bytes' when the account has too much
-- under way. What a killed worker left behind counts until it expires.
CREATE OR REPLACE FUNCTION upload_begin_v1(upload_id text, owner bigint, announced bigint,
                                           name text, seconds integer, most integer,
                                           most_bytes bigint) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    under_way record;
    known     record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('upload account', owner));
    SELECT u.account, u.size INTO known FROM upload u WHERE u.id = upload_id;
    IF NOT FOUND THEN
        SELECT d.account, d.size INTO known FROM document d WHERE d.id = upload_id;
    END IF;
    IF FOUND THEN
        RETURN CASE WHEN known.account = owner AND known.size = announced THEN 'there'
                    ELSE 'other' END;
    END IF;
    SELECT count(*) AS uploads, coalesce(sum(u.size), 0) AS bytes INTO under_way
    FROM upload u WHERE u.account = owner AND u.expires_at > clock_timestamp();
    IF under_way.uploads >= most THEN
        RETURN 'count';
    ELSIF under_way.bytes + announced > most_bytes THEN
        RETURN 'bytes';
    END IF;
    INSERT INTO upload (id, account, size, filename, expires_at)
    VALUES (upload_id, owner, announced, name,
            clock_timestamp() + make_interval(secs => seconds));
    RETURN 'made';
END
$$;

-- Appends bytes, in rows of at most 256 KiB. Answers how many there are now, -1 when there is no such
-- upload of this account, -2 when they do not begin where the last ones ended, -3 when they are more
-- than was announced, -4 when they are less than 16 KiB and not the last ones. Not waited for on the disk: after a crash of the server the upload goes on from
-- an earlier offset, and nothing was promised yet.
CREATE OR REPLACE FUNCTION upload_append_v1(upload_id text, owner bigint, at bigint,
                                            bytes bytea) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    mine upload;
    rows_more CONSTANT integer := (length(bytes) + 262143) / 262144;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    SELECT * INTO mine FROM upload u
    WHERE u.id = upload_id AND u.account = owner AND u.expires_at > clock_timestamp()
    FOR UPDATE;
    IF NOT FOUND THEN
        RETURN -1;
    ELSIF mine.received <> at THEN
        RETURN -2;
    ELSIF at + length(bytes) > mine.size THEN
        RETURN -3;
    ELSIF length(bytes) < 16384 AND at + length(bytes) < mine.size THEN
        RETURN -4;
    END IF;
    INSERT INTO blob (sha256, part, data)
    SELECT upload_key_v1(upload_id), mine.parts + n, substring(bytes FROM n * 262144 + 1 FOR 262144)
    FROM generate_series(0, rows_more - 1) n;
    UPDATE upload u SET received = at + length(bytes), parts = mine.parts + rows_more
    WHERE u.id = upload_id;
    RETURN at + length(bytes);
END
$$;

-- Ends one that is whole and found good: its parts become those of the content `digest`, unless they
-- are there already, and `document_id` the account's. Answers the digest of what is kept under that id:
-- another one when the id was there with other bytes. NULL when the upload is gone or not whole. Asked
-- again it answers the same. Parts are never longer than those of upload_keep, so who keeps the same
-- content in one piece meanwhile finds each of his numbers taken or none.
CREATE OR REPLACE FUNCTION upload_finish_v1(upload_id text, owner bigint, document_id text,
                                            digest bytea, kind text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    mine upload;
    kept text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(encode(digest, 'hex'), 0));
    SELECT * INTO mine FROM upload u WHERE u.id = upload_id AND u.account = owner FOR UPDATE;
    IF FOUND AND mine.received = mine.size THEN
        INSERT INTO document (id, account, sha256, size, type, filename)
        VALUES (document_id, owner, digest, mine.size, kind, mine.filename)
        ON CONFLICT (id) DO NOTHING;
        IF FOUND AND NOT EXISTS (SELECT FROM blob b WHERE b.sha256 = digest) THEN
            UPDATE blob b SET sha256 = digest WHERE b.sha256 = upload_key_v1(upload_id);
        ELSE
            DELETE FROM blob b WHERE b.sha256 = upload_key_v1(upload_id);
        END IF;
        DELETE FROM upload u WHERE u.id = upload_id;
    END IF;
    SELECT encode(d.sha256, 'hex') INTO kept
    FROM document d WHERE d.id = document_id AND d.account = owner;
    RETURN kept;
END
$$;

-- Throws one away. Whether there was one.
CREATE OR REPLACE FUNCTION upload_drop_v1(upload_id text, owner bigint) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM upload u WHERE u.id = upload_id AND u.account = owner;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    DELETE FROM blob b WHERE b.sha256 = upload_key_v1(upload_id);
    RETURN true;
END
$$;

-- Throws away at most `most` that expired. One that is just being finished is locked and left alone.
CREATE OR REPLACE FUNCTION uploads_expire_v1(most integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    gone text[];
BEGIN
    WITH old AS (
        SELECT u.id FROM upload u WHERE u.expires_at < clock_timestamp()
        ORDER BY u.expires_at LIMIT most
        FOR UPDATE SKIP LOCKED
    ), removed AS (
        DELETE FROM upload u USING old WHERE u.id = old.id RETURNING u.id
    )
    SELECT array_agg(id) INTO gone FROM removed;
    DELETE FROM blob b WHERE b.sha256 IN (SELECT upload_key_v1(id) FROM unnest(gone) id);
    RETURN coalesce(cardinality(gone), 0);
END
$$;
