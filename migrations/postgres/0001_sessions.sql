-- Sessions and everything that belongs to one. The same tables as SQLite's, in PostgreSQL's own types.

CREATE TABLE sessions (
  id             UUID PRIMARY KEY,
  owner_id       TEXT,
  status         TEXT NOT NULL CHECK (status IN ('active', 'completed', 'abandoned')),
  stage          TEXT NOT NULL,
  version        BIGINT NOT NULL,
  message_count  BIGINT NOT NULL,
  title          TEXT NOT NULL,
  -- True once the owner gave the title: the interview no longer changes it.
  named          BOOLEAN NOT NULL DEFAULT FALSE,
  description    TEXT NOT NULL,
  fields_known   BIGINT NOT NULL,
  required_left  BIGINT NOT NULL,
  created_at     TIMESTAMPTZ NOT NULL,
  updated_at     TIMESTAMPTZ NOT NULL,
  expires_at     TIMESTAMPTZ NOT NULL,
  completed_at   TIMESTAMPTZ,
  spec_json      TEXT NOT NULL,
  interview_json TEXT NOT NULL,
  final_prompt   TEXT,
  workflow_json  TEXT,
  tools_config   TEXT
);

CREATE INDEX sessions_by_owner ON sessions (owner_id, updated_at DESC, id DESC) WHERE owner_id IS NOT NULL;
CREATE INDEX sessions_by_expiry ON sessions (expires_at) WHERE status = 'active';

CREATE TABLE messages (
  session_id        UUID NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  seq               BIGINT NOT NULL,
  role              TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
  content           TEXT NOT NULL,
  created_at        TIMESTAMPTZ NOT NULL,
  client_message_id TEXT,
  -- What was answered, kept where the sender may ask again.
  answer_json       TEXT,
  PRIMARY KEY (session_id, seq)
);

CREATE UNIQUE INDEX messages_by_client_id ON messages (session_id, client_message_id)
  WHERE client_message_id IS NOT NULL;

CREATE TABLE revisions (
  session_id   UUID NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  version      BIGINT NOT NULL,
  created_at   TIMESTAMPTZ NOT NULL,
  cause        TEXT NOT NULL,
  reason       TEXT NOT NULL,
  changes_json TEXT NOT NULL,
  message_seq  BIGINT,
  PRIMARY KEY (session_id, version)
);

CREATE TABLE prompt_exports (
  id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  session_id UUID NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  created_at TIMESTAMPTZ NOT NULL,
  format     TEXT NOT NULL,
  targets    TEXT NOT NULL,
  file_name  TEXT NOT NULL,
  bytes      BIGINT NOT NULL,
  version    BIGINT NOT NULL
);

CREATE INDEX prompt_exports_by_session ON prompt_exports (session_id);

-- Secrets the servers made for themselves.
CREATE TABLE server_keys (
  name  TEXT PRIMARY KEY,
  value BYTEA NOT NULL
);
