// Migration 1: the whole first schema. Once released, this text never changes; later changes are later migrations.

export const schema1 = `
CREATE TABLE project (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  uuid TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at TEXT NOT NULL,
  revision INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE datasets (
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE,
  root TEXT NOT NULL,
  source TEXT NOT NULL,
  format TEXT NOT NULL,
  options TEXT NOT NULL,
  imported_at TEXT NOT NULL
) STRICT;

-- Rows are never deleted, so ids are never used again. label, transcript, review, review_reason and note are the
-- current values, derived from events. decided: bit 0 = the label, bit 1 = the transcript is a decision, not the import's.
CREATE TABLE clips (
  id INTEGER PRIMARY KEY,
  dataset_id INTEGER NOT NULL REFERENCES datasets(id),
  path TEXT NOT NULL,
  kind TEXT NOT NULL,
  label TEXT,
  original_label TEXT,
  transcript TEXT,
  original_transcript TEXT,
  split TEXT,
  speaker TEXT,
  gender TEXT,
  age TEXT,
  accent TEXT,
  locale TEXT,
  review TEXT,
  review_reason TEXT,
  note TEXT,
  decided INTEGER NOT NULL DEFAULT 0,
  is_present INTEGER NOT NULL DEFAULT 1,
  file_bytes INTEGER NOT NULL,
  file_modified_ms REAL NOT NULL,
  container TEXT NOT NULL,
  encoding TEXT NOT NULL,
  sample_rate INTEGER NOT NULL,
  channels INTEGER NOT NULL,
  frames INTEGER NOT NULL,
  peak_dbfs REAL,
  rms_dbfs REAL,
  dc_offset REAL NOT NULL,
  clipped_samples INTEGER NOT NULL,
  clipped_runs INTEGER NOT NULL,
  leading_silence_sec REAL NOT NULL,
  trailing_silence_sec REAL NOT NULL,
  start_edge_db REAL,
  end_edge_db REAL,
  sample_hash TEXT NOT NULL,
  extra TEXT,
  thumbnail BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX clips_by_path ON clips (dataset_id, path);
CREATE INDEX clips_by_label ON clips (label);
CREATE INDEX clips_missing ON clips (dataset_id) WHERE is_present = 0;

-- Imports that are not finished: clips up to last_known_id were there before; import_seen names those met again.
CREATE TABLE imports (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  dataset_id INTEGER NOT NULL REFERENCES datasets(id),
  last_known_id INTEGER NOT NULL,
  started_at TEXT NOT NULL,
  UNIQUE (dataset_id, key)
) STRICT;
CREATE TABLE import_seen (
  import_id INTEGER NOT NULL,
  clip_id INTEGER NOT NULL,
  PRIMARY KEY (import_id, clip_id)
) STRICT, WITHOUT ROWID;

-- The log of decisions, append-only. seq is the order in which decisions were committed here. from_original: what the
-- event replaced was the import's value (for flags: no decision), so taking it back returns to whatever that is then.
CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  clip_id INTEGER REFERENCES clips(id),
  clip TEXT NOT NULL,
  field TEXT NOT NULL,
  subject TEXT,
  from_value TEXT,
  to_value TEXT,
  by TEXT NOT NULL,
  at TEXT NOT NULL,
  reason TEXT,
  batch TEXT NOT NULL,
  undoes TEXT,
  from_original INTEGER NOT NULL,
  from_reason TEXT
) STRICT;
CREATE INDEX events_by_clip ON events (clip_id);
CREATE INDEX events_by_batch ON events (batch);
CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'the log of decisions is append-only'); END;
CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'the log of decisions is append-only'); END;
CREATE TRIGGER events_are_never_replaced BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM events WHERE seq = NEW.seq OR id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the log of decisions is append-only'); END;

-- Derived from events: what was decided about a kind of flag on a clip. It stays when flags are found again.
CREATE TABLE flag_decisions (
  clip_id INTEGER NOT NULL REFERENCES clips(id),
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  PRIMARY KEY (clip_id, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE flags (
  id INTEGER PRIMARY KEY,
  clip_id INTEGER REFERENCES clips(id),
  dataset_id INTEGER REFERENCES datasets(id),
  path TEXT NOT NULL,
  kind TEXT NOT NULL,
  score REAL NOT NULL,
  reason TEXT NOT NULL,
  evidence TEXT NOT NULL,
  proposed TEXT
) STRICT;
CREATE INDEX flags_by_clip ON flags (clip_id, kind);

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  created_at TEXT NOT NULL,
  source TEXT NOT NULL,
  labels TEXT NOT NULL,
  rows INTEGER NOT NULL,
  matched INTEGER NOT NULL,
  probabilities_file TEXT,
  problems TEXT NOT NULL
) STRICT;

-- "row" is the row of the run's probability array, -1 without one.
CREATE TABLE predictions (
  run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  clip_id INTEGER NOT NULL REFERENCES clips(id),
  predicted TEXT,
  confidence REAL,
  hypothesis TEXT,
  latency_ms REAL,
  "row" INTEGER NOT NULL,
  PRIMARY KEY (run_id, clip_id)
) STRICT, WITHOUT ROWID;

-- owner: the process that runs the job (host, pid, start), as JSON.
CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  state TEXT NOT NULL,
  params TEXT NOT NULL,
  summary TEXT,
  error TEXT,
  result TEXT NOT NULL,
  failures TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  owner TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE VIEW v_clips AS
-- One row per clip. label and transcript are current; file is the absolute path of the recording; levels in dBFS.
SELECT c.id AS clip_id, d.name AS dataset, c.path, d.root || '/' || c.path AS file, c.kind,
  c.label, c.original_label, c.transcript, c.original_transcript,
  c.split, c.speaker, c.gender, c.age, c.accent, c.locale, c.review, c.review_reason, c.note,
  c.frames * 1.0 / c.sample_rate AS duration_sec, c.sample_rate, c.channels, c.frames, c.container, c.encoding,
  c.peak_dbfs, c.rms_dbfs, c.dc_offset, c.clipped_samples, c.clipped_runs,
  c.leading_silence_sec, c.trailing_silence_sec, c.start_edge_db, c.end_edge_db,
  c.sample_hash, c.is_present, c.file_bytes, c.extra
FROM clips c JOIN datasets d ON d.id = c.dataset_id;

CREATE VIEW v_predictions AS
-- One row per run and clip. is_correct compares with the current label; probability_row: row in the run's .npy, or -1.
SELECT r.name AS run, p.clip_id, d.name AS dataset, c.path, c.label, p.predicted, p.predicted = c.label AS is_correct,
  p.confidence, p.hypothesis, p.latency_ms, p."row" AS probability_row
FROM predictions p JOIN runs r ON r.id = p.run_id JOIN clips c ON c.id = p.clip_id JOIN datasets d ON d.id = c.dataset_id;

CREATE VIEW v_flags AS
-- One row per flag. score 0..1, low = bad; status open, accepted, fixed or dismissed; clip_id is null for unreadable files.
SELECT f.clip_id, d.name AS dataset, f.path, f.kind, f.score, f.reason, f.evidence, f.proposed,
  COALESCE(s.status, 'open') AS status, c.label
FROM flags f LEFT JOIN clips c ON c.id = f.clip_id LEFT JOIN datasets d ON d.id = COALESCE(c.dataset_id, f.dataset_id)
LEFT JOIN flag_decisions s ON s.clip_id = f.clip_id AND s.kind = f.kind;

CREATE VIEW v_decisions AS
-- The log of decisions, oldest first by seq. Rows that share a batch were one action; undoes names the event taken back.
SELECT e.seq, e.id, e.at, e.by, e.clip_id, d.name AS dataset, e.clip AS path, e.field, e.subject, e.from_value, e.to_value,
  e.reason, e.batch, e.undoes
FROM events e LEFT JOIN clips c ON c.id = e.clip_id LEFT JOIN datasets d ON d.id = c.dataset_id;
`;
