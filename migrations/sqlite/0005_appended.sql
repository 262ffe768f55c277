-- What is only ever added stands in the order it came, whatever session it belongs to, and is found by an index: turns
-- of many sessions that are committed together then share pages, where each wrote a page of its own before.

CREATE TABLE messages_appended (
  session_id        TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  seq               INTEGER NOT NULL,
  role              TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
  content           TEXT NOT NULL,
  created_at        TEXT NOT NULL,
  client_message_id TEXT,
  PRIMARY KEY (session_id, seq)
) STRICT;

INSERT INTO messages_appended (session_id, seq, role, content, created_at, client_message_id)
  SELECT session_id, seq, role, content, created_at, client_message_id FROM messages;
DROP TABLE messages;
ALTER TABLE messages_appended RENAME TO messages;
CREATE UNIQUE INDEX messages_by_client_id ON messages (session_id, client_message_id)
  WHERE client_message_id IS NOT NULL;

CREATE TABLE revisions_appended (
  session_id   TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  version      INTEGER NOT NULL,
  created_at   TEXT NOT NULL,
  cause        TEXT NOT NULL,
  reason       TEXT NOT NULL,
  changes_json TEXT NOT NULL,
  message_seq  INTEGER,
  PRIMARY KEY (session_id, version)
) STRICT;

INSERT INTO revisions_appended (session_id, version, created_at, cause, reason, changes_json, message_seq)
  SELECT session_id, version, created_at, cause, reason, changes_json, message_seq FROM revisions;
DROP TABLE revisions;
ALTER TABLE revisions_appended RENAME TO revisions;

CREATE TABLE requests_appended (
  session_id  TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  key         TEXT NOT NULL,
  -- What was asked for: under the same key nothing else is.
  request     TEXT NOT NULL,
  answer_json TEXT NOT NULL,
  PRIMARY KEY (session_id, key)
) STRICT;

INSERT INTO requests_appended (session_id, key, request, answer_json)
  SELECT session_id, key, request, answer_json FROM requests;
DROP TABLE requests;
ALTER TABLE requests_appended RENAME TO requests;
