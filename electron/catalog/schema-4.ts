// Migration 4: the names of the columns that imported tables have beside the fields. Once released, this text never
// changes; later changes are later migrations.

export const schema4 = `
-- Names that occur as keys in clips.extra, so that a project need not be searched for them when it opens.
CREATE TABLE dataset_columns (
  dataset_id INTEGER NOT NULL REFERENCES datasets(id),
  name TEXT NOT NULL,
  PRIMARY KEY (dataset_id, name)
) STRICT, WITHOUT ROWID;
INSERT INTO dataset_columns (dataset_id, name)
  SELECT DISTINCT c.dataset_id, e.key FROM clips c, json_each(c.extra) e WHERE c.extra IS NOT NULL;
`;
