-- Sessions and everything that belongs to one. Times are RFC 3339 in UTC with milliseconds, so that they sort as text.

CREATE TABLE sessions (
  id             TEXT PRIMARY KEY NOT NULL,
  owner_id       TEXT,
  status         TEXT NOT NULL CHECK (status IN ('active', 'completed', 'abandoned')),
  stage          TEXT NOT NULL,
  version        INTEGER NOT NULL,
  message_count  INTEGER NOT NULL,
  title          TEXT NOT NULL,
  -- 1 once the owner gave the title: the interview no longer changes it.
  named          INTEGER NOT NULL DEFAULT 0,
  description    TEXT NOT NULL,
  fields_known   INTEGER NOT NULL,
  required_left  INTEGER NOT NULL,
  created_at     TEXT NOT NULL,
  updated_at     TEXT NOT NULL,
  expires_at     TEXT NOT NULL,
  completed_at   TEXT,
  spec_json      TEXT NOT NULL,
  interview_json TEXT NOT NULL,
  final_prompt   TEXT,
  workflow_json  TEXT,
  tools_config   TEXT
) STRICT;

CREATE INDEX sessions_by_owner ON sessions (owner_id, updated_at DESC, id) WHERE owner_id IS NOT NULL;
CREATE INDEX sessions_by_expiry ON sessions (expires_at) WHERE status = 'active';

CREATE TABLE messages (
  session_id        TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  seq               INTEGER NOT NULL,
  role              TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
  content           TEXT NOT NULL,
  created_at        TEXT NOT NULL,
  client_message_id TEXT,
  -- What was answered, kept where the sender may ask again.
  answer_json       TEXT,
  PRIMARY KEY (session_id, seq)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX messages_by_client_id ON messages (session_id, client_message_id)
  WHERE client_message_id IS NOT NULL;

CREATE TABLE revisions (
  session_id   TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  version      INTEGER NOT NULL,
  created_at   TEXT NOT NULL,
  cause        TEXT NOT NULL,
  reason       TEXT NOT NULL,
  changes_json TEXT NOT NULL,
  message_seq  INTEGER,
  PRIMARY KEY (session_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE prompt_exports (
  id         INTEGER PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  created_at TEXT NOT NULL,
  format     TEXT NOT NULL,
  targets    TEXT NOT NULL,
  file_name  TEXT NOT NULL,
  bytes      INTEGER NOT NULL,
  version    INTEGER NOT NULL
) STRICT;

CREATE INDEX prompt_exports_by_session ON prompt_exports (session_id);

-- Secrets the server made for itself.
CREATE TABLE server_keys (
  name  TEXT PRIMARY KEY NOT NULL,
  value BLOB NOT NULL
) STRICT;
