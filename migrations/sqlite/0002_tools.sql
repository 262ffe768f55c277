-- Tools and catalogues of the owners' own. The documents are JSON that only the program reads.

CREATE TABLE tools (
  owner_id   TEXT NOT NULL,
  id         TEXT NOT NULL,
  tool_json  TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (owner_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE tool_catalogs (
  id         TEXT PRIMARY KEY NOT NULL,
  owner_id   TEXT NOT NULL,
  name       TEXT NOT NULL,
  tool_count INTEGER NOT NULL,
  tools_json TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

CREATE INDEX tool_catalogs_by_owner ON tool_catalogs (owner_id, created_at, id);
