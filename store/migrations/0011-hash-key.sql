-- The key of the fingerprints in `objects` and `origins`; one row, made at the first start with this table.
CREATE TABLE hash_key (lo INTEGER NOT NULL, hi INTEGER NOT NULL);
