-- A node's last reading: when, in microseconds since 1970, whether served, and each error that was kept, a
-- line each as `dvcd check` prints it.
-- params: text
-- one
SELECT (extract(epoch FROM r.at) * 1000000)::bigint, r.served,
       (SELECT string_agg(concat_ws(':', e ->> 'file', nullif(e ->> 'line', '0'),
                                    nullif(e ->> 'column', '0')) || ': ' || (e ->> 'message'), E'\n'
                          ORDER BY place)
        FROM jsonb_array_elements(r.errors) WITH ORDINALITY AS each(e, place))
FROM config_reading r WHERE r.node = $1
