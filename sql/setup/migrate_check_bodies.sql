-- Functions may call one another, in files of any order: they are all made unchecked, then all again
-- checked.
-- params: text
-- write
SELECT set_config('check_function_bodies', $1, true)
