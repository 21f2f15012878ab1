-- A wrong password or code for this name. Gives the seconds that it had to wait already, 0: none.
-- params: text
-- one
-- write
SELECT sign_in_failed_v1($1)
