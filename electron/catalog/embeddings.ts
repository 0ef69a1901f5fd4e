// Embeddings, their neighbours and maps: what was computed from what, and the names of the array files beside the
// catalog. The arrays themselves are never read here.
import { EarmarkError } from '../../shared/errors.ts';
import { type ReadableCatalog, sql, transaction, type WritableCatalog } from './handle.ts';
import type { EmbeddingRecord, MapRecord, NeighbourGraphRecord } from './records.ts';

const columns = 'id, name, created_at, model, rows, failed, dimensions, file, clips_file, details';

/** Stores an embedding. Throws `embedding/exists`. */
export function createEmbedding(
  catalog: WritableCatalog,
  embedding: Omit<EmbeddingRecord, 'id'>,
): EmbeddingRecord {
  return transaction(catalog, () => {
    if (findEmbedding(catalog, embedding.name) !== null) throw embeddingExists(embedding.name);
    const { lastInsertRowid } = sql(
      catalog,
      `INSERT INTO embeddings (name, created_at, model, rows, failed, dimensions, file, clips_file, details)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      embedding.name,
      embedding.createdAt,
      JSON.stringify(embedding.model),
      embedding.rows,
      embedding.failed,
      embedding.dimensions,
      embedding.file,
      embedding.clipsFile,
      JSON.stringify(embedding.details),
    );
    return { ...embedding, id: Number(lastInsertRowid) };
  });
}

/** All embeddings, oldest first. */
export function listEmbeddings(catalog: ReadableCatalog): EmbeddingRecord[] {
  return sql(catalog, `SELECT ${columns} FROM embeddings ORDER BY id`).all().map(toEmbedding);
}

export function findEmbedding(catalog: ReadableCatalog, name: string): EmbeddingRecord | null {
  const row = sql(catalog, `SELECT ${columns} FROM embeddings WHERE name = ?`).get(name);
  return row === undefined ? null : toEmbedding(row);
}

/**
 * Takes over the arrays of an embedding to which rows were added at the end: its maps stay good for the rows they have.
 * @returns the files it replaces.
 */
export function growEmbedding(
  catalog: WritableCatalog,
  name: string,
  grown: Pick<EmbeddingRecord, 'rows' | 'failed' | 'file' | 'clipsFile' | 'details'>,
): string[] {
  return transaction(catalog, () => {
    const before = findEmbedding(catalog, name);
    if (before === null) throw unknownEmbedding(name);
    sql(
      catalog,
      'UPDATE embeddings SET rows = ?, failed = ?, file = ?, clips_file = ?, details = ? WHERE id = ?',
    ).run(grown.rows, grown.failed, grown.file, grown.clipsFile, JSON.stringify(grown.details), before.id);
    return [before.file, before.clipsFile];
  });
}

/** Throws `embedding/unknown`, `embedding/exists`. */
export function renameEmbedding(catalog: WritableCatalog, name: string, to: string): void {
  transaction(catalog, () => {
    const embedding = findEmbedding(catalog, name);
    if (embedding === null) throw unknownEmbedding(name);
    if (to !== name && findEmbedding(catalog, to) !== null) throw embeddingExists(to);
    sql(catalog, 'UPDATE embeddings SET name = ? WHERE id = ?').run(to, embedding.id);
  });
}

/** Removes an embedding with its neighbours and maps. @returns the array files that nothing names any more. */
export function removeEmbedding(catalog: WritableCatalog, name: string): string[] {
  return transaction(catalog, () => {
    const embedding = findEmbedding(catalog, name);
    if (embedding === null) return [];
    const files = [
      embedding.file,
      embedding.clipsFile,
      ...neighbourGraphsOf(catalog, embedding.id).flatMap((graph) => [
        graph.indicesFile,
        graph.distancesFile,
      ]),
      ...mapsOf(catalog, embedding.id).map(({ file }) => file),
    ];
    sql(catalog, 'DELETE FROM embeddings WHERE id = ?').run(embedding.id);
    return files;
  });
}

/** Stores the neighbours by one metric. @returns the files of those it replaces. */
export function setNeighbourGraph(catalog: WritableCatalog, graph: NeighbourGraphRecord): string[] {
  return transaction(catalog, () => {
    const before = neighbourGraphsOf(catalog, graph.embeddingId).find(
      ({ metric }) => metric === graph.metric,
    );
    sql(
      catalog,
      `INSERT OR REPLACE INTO neighbour_graphs
       (embedding_id, metric, k, method, recall, indices_file, distances_file) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      graph.embeddingId,
      graph.metric,
      graph.k,
      graph.method,
      graph.recall,
      graph.indicesFile,
      graph.distancesFile,
    );
    return before === undefined ? [] : [before.indicesFile, before.distancesFile];
  });
}

export function neighbourGraphsOf(catalog: ReadableCatalog, embeddingId: number): NeighbourGraphRecord[] {
  return sql(
    catalog,
    `SELECT embedding_id, metric, k, method, recall, indices_file, distances_file FROM neighbour_graphs
     WHERE embedding_id = ? ORDER BY metric`,
  )
    .all(embeddingId)
    .map((row) => {
      const [id, metric, k, method, recall, indicesFile, distancesFile] = row as [
        number,
        NeighbourGraphRecord['metric'],
        number,
        NeighbourGraphRecord['method'],
        number | null,
        string,
        string,
      ];
      return { embeddingId: id, metric, k, method, recall, indicesFile, distancesFile };
    });
}

export function createMap(catalog: WritableCatalog, map: Omit<MapRecord, 'id'>): MapRecord {
  return transaction(catalog, () => {
    const { lastInsertRowid } = sql(
      catalog,
      'INSERT INTO maps (embedding_id, created_at, method, settings, report, file) VALUES (?, ?, ?, ?, ?, ?)',
    ).run(
      map.embeddingId,
      map.createdAt,
      map.method,
      JSON.stringify(map.settings),
      JSON.stringify(map.report),
      map.file,
    );
    return { ...map, id: Number(lastInsertRowid) };
  });
}

/** The maps of an embedding, oldest first. */
export function mapsOf(catalog: ReadableCatalog, embeddingId: number): MapRecord[] {
  return sql(
    catalog,
    `SELECT id, embedding_id, created_at, method, settings, report, file FROM maps
     WHERE embedding_id = ? ORDER BY id`,
  )
    .all(embeddingId)
    .map((row) => {
      const [id, embedding, createdAt, method, settings, report, file] = row as [
        number,
        number,
        string,
        MapRecord['method'],
        string,
        string,
        string,
      ];
      return {
        id,
        embeddingId: embedding,
        createdAt,
        method,
        settings: JSON.parse(settings) as MapRecord['settings'],
        report: JSON.parse(report) as MapRecord['report'],
        file,
      };
    });
}

/** @returns the name of the map's file, or null when there is no such map. */
export function removeMap(catalog: WritableCatalog, id: number): string | null {
  return transaction(catalog, () => {
    const row = sql(catalog, 'DELETE FROM maps WHERE id = ? RETURNING file').get(id) as [string] | undefined;
    return row?.[0] ?? null;
  });
}

function embeddingExists(name: string): EarmarkError {
  return new EarmarkError(
    'embedding/exists',
    `The project has an embedding named "${name}" already; it was left as it is. Choose another name, or remove that one first.`,
    { embedding: name },
  );
}

export function unknownEmbedding(name: string): EarmarkError {
  return new EarmarkError('embedding/unknown', `The project has no embedding named "${name}".`, {
    embedding: name,
  });
}

function toEmbedding(row: readonly unknown[]): EmbeddingRecord {
  const [id, name, createdAt, model, rows, failed, dimensions, file, clipsFile, details] = row as [
    number,
    string,
    string,
    string,
    number,
    number,
    number,
    string,
    string,
    string,
  ];
  return {
    id,
    name,
    createdAt,
    model: JSON.parse(model) as EmbeddingRecord['model'],
    rows,
    failed,
    dimensions,
    file,
    clipsFile,
    details: JSON.parse(details) as EmbeddingRecord['details'],
  };
}
