// Migration 3: files that could not be used are decided on. Once released, this text never changes; later changes are
// later migrations.

export const schema3 = `
-- Of a decision about a file that is no clip (clip_id is null, clip is its path): the dataset, and, where a row of a table
-- could not be used, the sentence about it. Both are null for decisions about clips.
ALTER TABLE events ADD COLUMN dataset_id INTEGER REFERENCES datasets(id);
ALTER TABLE events ADD COLUMN finding TEXT;

-- Derived from events: what was decided about a file that could not be used. It stays when the dataset is imported again.
-- finding: '' for the file as a whole, or the sentence about a row: the number of a line names another row once the
-- table was edited.
CREATE TABLE file_decisions (
  dataset_id INTEGER NOT NULL REFERENCES datasets(id),
  path TEXT NOT NULL,
  finding TEXT NOT NULL,
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  PRIMARY KEY (dataset_id, path, finding, kind)
) STRICT, WITHOUT ROWID;

-- Ids are not used again: a window that still shows what an earlier search found cannot settle another file by its id.
DROP VIEW v_flags;
DROP VIEW v_decisions;
CREATE TABLE flags_3 (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  clip_id INTEGER REFERENCES clips(id),
  dataset_id INTEGER REFERENCES datasets(id),
  path TEXT NOT NULL,
  kind TEXT NOT NULL,
  score REAL NOT NULL,
  reason TEXT NOT NULL,
  evidence TEXT NOT NULL,
  proposed TEXT,
  finding TEXT AS (IIF(json_extract(evidence, '$.line') IS NULL, '', reason)) VIRTUAL
) STRICT;
INSERT INTO flags_3 (id, clip_id, dataset_id, path, kind, score, reason, evidence, proposed)
  SELECT id, clip_id, dataset_id, path, kind, score, reason, evidence, proposed FROM flags;
DROP TABLE flags;
ALTER TABLE flags_3 RENAME TO flags;
CREATE INDEX flags_by_clip ON flags (clip_id, kind);

CREATE VIEW v_flags AS
-- One row per flag. score 0..1, low = bad; status open, accepted, fixed or dismissed; clip_id is null for unreadable files.
SELECT f.clip_id, d.name AS dataset, f.path, f.kind, f.score, f.reason, f.evidence, f.proposed,
  COALESCE(s.status, u.status, 'open') AS status, c.label
FROM flags f LEFT JOIN clips c ON c.id = f.clip_id LEFT JOIN datasets d ON d.id = COALESCE(c.dataset_id, f.dataset_id)
LEFT JOIN flag_decisions s ON s.clip_id = f.clip_id AND s.kind = f.kind
LEFT JOIN file_decisions u ON u.dataset_id = f.dataset_id AND u.path = f.path AND u.finding = f.finding AND u.kind = f.kind;

CREATE VIEW v_decisions AS
-- The log of decisions, oldest first by seq. Rows that share a batch were one action; undoes names the event taken back.
-- clip_id is null for unreadable files; finding is the sentence about an unreadable row of a table.
SELECT e.seq, e.id, e.at, e.by, e.clip_id, d.name AS dataset, e.clip AS path, e.field, e.subject, e.from_value, e.to_value,
  e.reason, e.batch, e.undoes, e.finding
FROM events e LEFT JOIN clips c ON c.id = e.clip_id LEFT JOIN datasets d ON d.id = COALESCE(c.dataset_id, e.dataset_id);
`;
