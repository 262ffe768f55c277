-- What each revision made of the interview: for differences, and for going on from before an earlier message. Apart from
-- the revisions, which are read with every page.

CREATE TABLE snapshots (
  session_id UUID NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  version    BIGINT NOT NULL,
  document   TEXT NOT NULL,
  PRIMARY KEY (session_id, version)
);
