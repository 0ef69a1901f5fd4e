// Migration 2: embeddings of the clips, their neighbours and maps, and how a run was made. Once released, this text
// never changes; later changes are later migrations.

export const schema2 = `
-- details: how the run was made here (model, backend, latency), as JSON; null when its predictions were brought.
ALTER TABLE runs ADD COLUMN details TEXT;

-- model: what made it, as JSON. file: rows x dimensions float32 .npy in the data folder; clips_file: the clip id of each
-- row, int32 .npy. A row of NaN: the clip could not be embedded.
CREATE TABLE embeddings (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  created_at TEXT NOT NULL,
  model TEXT NOT NULL,
  rows INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  dimensions INTEGER NOT NULL,
  file TEXT NOT NULL,
  clips_file TEXT NOT NULL,
  details TEXT NOT NULL
) STRICT;

-- Nearest neighbours of the rows of an embedding: rows x k int32 row numbers (-1 = fewer) and float32 distances.
CREATE TABLE neighbour_graphs (
  embedding_id INTEGER NOT NULL REFERENCES embeddings(id) ON DELETE CASCADE,
  metric TEXT NOT NULL,
  k INTEGER NOT NULL,
  method TEXT NOT NULL,
  recall REAL,
  indices_file TEXT NOT NULL,
  distances_file TEXT NOT NULL,
  PRIMARY KEY (embedding_id, metric)
) STRICT, WITHOUT ROWID;

-- Pictures of an embedding on a plane: rows x 2 float32 .npy. settings and report as JSON.
CREATE TABLE maps (
  id INTEGER PRIMARY KEY,
  embedding_id INTEGER NOT NULL REFERENCES embeddings(id) ON DELETE CASCADE,
  created_at TEXT NOT NULL,
  method TEXT NOT NULL,
  settings TEXT NOT NULL,
  report TEXT NOT NULL,
  file TEXT NOT NULL
) STRICT;
CREATE INDEX maps_by_embedding ON maps (embedding_id);

CREATE VIEW v_embeddings AS
-- One row per embedding. file and clips_file are .npy arrays in the data folder beside the project.
SELECT name AS embedding, created_at, model, rows, failed, dimensions, file, clips_file, details FROM embeddings;

CREATE VIEW v_maps AS
-- One row per map. file: rows x 2 .npy in the data folder; its rows are those of the embedding.
SELECT e.name AS embedding, m.id AS map_id, m.created_at, m.method, m.settings, m.report, m.file
FROM maps m JOIN embeddings e ON e.id = m.embedding_id;
`;
