-- params: text
-- write
INSERT INTO lease (name, holder, term, until) VALUES ($1, 'it', 1, now())
