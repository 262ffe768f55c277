-- Requests that may come again, with what was answered: by the key that their sender gave them. Until now messages had
-- this for themselves.

CREATE TABLE requests (
  session_id  UUID NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  key         TEXT NOT NULL,
  -- What was asked for: under the same key nothing else is.
  request     TEXT NOT NULL,
  answer_json TEXT NOT NULL,
  PRIMARY KEY (session_id, key)
);

INSERT INTO requests (session_id, key, request, answer_json)
  SELECT session_id, client_message_id, content, answer_json FROM messages
  WHERE client_message_id IS NOT NULL AND answer_json IS NOT NULL;

ALTER TABLE messages DROP COLUMN answer_json;
