-- Printed forms: how their bytes are kept, and how a print is ordered.

-- Keeps a PDF under the id that its form alone decides, in parts of 256 KiB, and never again: a form
-- printed twice, by a courier that was killed before it could say so, stays the one it was.
CREATE OR REPLACE FUNCTION paper_keep_v1(doc text, owner bigint, digest bytea, name text,
                                         bytes bytea) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended(encode(digest, 'hex'), 0));
    INSERT INTO document (id, account, sha256, size, type, filename, used)
    VALUES (doc, owner, digest, length(bytes), 'application/pdf', name, true)
    ON CONFLICT (id) DO NOTHING;
    IF FOUND THEN
        INSERT INTO blob (sha256, part, data)
        SELECT digest, n, substring(bytes FROM n * 262144 + 1 FOR 262144)
        FROM generate_series(0, (length(bytes) - 1) / 262144) n
        ON CONFLICT DO NOTHING;
    END IF;
END
$$;

-- Orders a print and gives its number: that of the order with the same key when there is one, unless
-- it failed. Orders of a week ago go, and their documents with the next purge of uploads.
CREATE OR REPLACE FUNCTION paper_order_v1(what text, same text, dossier bigint, place text,
                                          who bigint, details jsonb) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    number bigint;
BEGIN
    WITH old AS (
        SELECT o.id FROM paper_order o
        WHERE o.at < clock_timestamp() - interval '7 days' AND o.state <> 'waiting'
        ORDER BY o.at LIMIT 100 FOR UPDATE SKIP LOCKED
    ), gone AS (
        DELETE FROM paper_order o USING old WHERE o.id = old.id RETURNING o.document
    )
    UPDATE document d SET used = false FROM gone WHERE d.id = gone.document;
    DELETE FROM paper_order o WHERE o.key = same AND o.state = 'failed';
    INSERT INTO paper_order (kind, key, dossier_id, agency, account, args)
    VALUES (what, same, dossier, place, who, details)
    ON CONFLICT (key) DO NOTHING
    RETURNING id INTO number;
    IF number IS NULL THEN
        SELECT o.id INTO number FROM paper_order o WHERE o.key = same;
        RETURN number;
    END IF;
    -- A register takes seconds: it waits in a lane of its own.
    INSERT INTO outbox (dossier_id, channel, topic, key, body, at)
    VALUES (dossier, CASE what WHEN 'register' THEN 'registers' ELSE 'papers' END, 'print',
            'paper-order:' || number, json_build_object('order', number)::text, clock_timestamp());
    RETURN number;
END
$$;
