-- Who withdrew a version, and why; the moment is withdrawn_at.
ALTER TABLE procedure_version ADD COLUMN withdrawn_by text,
                              ADD COLUMN withdrawn_reason text;
