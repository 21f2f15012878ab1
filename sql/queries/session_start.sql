-- What every connection of a worker sets before its first use: ($1) statement timeout in
-- milliseconds, ($2) whether its transactions are read-only.
-- params: text text
-- write
SELECT set_config('statement_timeout', $1, false),
       set_config('idle_in_transaction_session_timeout', $1, false),
       set_config('default_transaction_read_only', $2, false),
       set_config('TimeZone', 'Asia/Ho_Chi_Minh', false),
       set_config('DateStyle', 'ISO, YMD', false),
       set_config('synchronous_commit', 'on', false)
