-- A migration never waits long for a lock: whoever queues behind it would wait as well.
-- params: text
-- write
SELECT set_config('lock_timeout', $1, false), set_config('statement_timeout', '0', false),
       set_config('client_min_messages', 'warning', false)
