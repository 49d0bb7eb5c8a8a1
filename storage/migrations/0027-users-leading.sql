-- Users whose calls come to something else than the user and outside phones: few of a large office. What leads to an
-- entity is found among them. The condition stands the same in storage/read.ts, so that SQLite uses the index.

CREATE INDEX users_leading ON users (key) WHERE until_revision IS NULL AND (
  instr(body, '"kind":"group"') > 0 OR
  instr(body, '"kind":"flow"') > 0 OR
  instr(body, '"kind":"extension"') > 0 OR
  instr(body, '"kind":"number"') > 0 OR
  instr(replace(body, '"kind":"user","username":"' || key || '"', ''), '"kind":"user"') > 0
);
