// Model runs and their predictions. Probabilities lie beside the catalog as .npy; here is only the file's name.
import type { Problem } from '../../shared/contract/common.ts';
import { EarmarkError } from '../../shared/errors.ts';
import { hot, type ReadableCatalog, sql, transaction, type WritableCatalog } from './handle.ts';
import type { PredictionRecord, RunRecord } from './records.ts';

const columns = 'id, name, created_at, source, labels, rows, matched, probabilities_file, problems, details';

/** What is known of a run before it is stored. */
export type NewRun = Omit<RunRecord, 'id' | 'details'> & {
  readonly details?: RunRecord['details'];
  /** Replace a run of that name; otherwise it is `run/exists`. */
  readonly replace?: boolean;
};

/** Stores a run with its predictions, all or nothing. At most one prediction per clip. */
export function createRun(
  catalog: WritableCatalog,
  run: NewRun,
  predictions: Iterable<PredictionRecord>,
): RunRecord {
  return transaction(catalog, () => {
    const existing = findRun(catalog, run.name);
    if (existing !== null) {
      if (run.replace !== true) throw runExists(run.name);
      sql(catalog, 'DELETE FROM runs WHERE id = ?').run(existing.id);
    }
    const { lastInsertRowid } = sql(
      catalog,
      `INSERT INTO runs (name, created_at, source, labels, rows, matched, probabilities_file, problems, details)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      run.name,
      run.createdAt,
      run.source,
      JSON.stringify(run.labels),
      run.rows,
      run.matched,
      run.probabilitiesFile,
      JSON.stringify(run.problems),
      run.details ? JSON.stringify(run.details) : null,
    );
    const id = Number(lastInsertRowid);
    const insert = hot(
      catalog,
      `INSERT INTO predictions (run_id, clip_id, predicted, confidence, hypothesis, latency_ms, "row")
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    for (const prediction of predictions) {
      insert.run(
        id,
        prediction.clipId,
        prediction.predicted,
        prediction.confidence,
        prediction.hypothesis,
        prediction.latencyMs,
        prediction.row,
      );
    }
    const stored = findRun(catalog, run.name);
    if (stored === null) throw new Error(`run ${run.name} was not stored`);
    return stored;
  });
}

/** All runs, oldest first. */
export function listRuns(catalog: ReadableCatalog): RunRecord[] {
  return sql(catalog, `SELECT ${columns} FROM runs ORDER BY id`).all().map(toRun);
}

export function findRun(catalog: ReadableCatalog, name: string): RunRecord | null {
  const row = sql(catalog, `SELECT ${columns} FROM runs WHERE name = ?`).get(name);
  return row === undefined ? null : toRun(row);
}

/** The predictions of a run, by clip id. */
export function* readPredictions(
  catalog: ReadableCatalog,
  runId: number,
): IterableIterator<PredictionRecord> {
  const rowsPerFetch = 10_000;
  let last = 0;
  while (true) {
    const rows = sql(
      catalog,
      `SELECT clip_id, predicted, confidence, hypothesis, latency_ms, "row" FROM predictions
       WHERE run_id = ? AND clip_id > ? ORDER BY clip_id LIMIT ?`,
    ).all(runId, last, rowsPerFetch);
    for (const row of rows) yield toPrediction(row);
    if (rows.length < rowsPerFetch) return;
    last = (rows[rows.length - 1]?.[0] as number | undefined) ?? last;
  }
}

/** What every run predicts for one clip, oldest run first. */
export function predictionsOfClip(
  catalog: ReadableCatalog,
  clipId: number,
): { readonly run: RunRecord; readonly prediction: PredictionRecord }[] {
  const select = `SELECT clip_id, predicted, confidence, hypothesis, latency_ms, "row" FROM predictions
    WHERE run_id = ? AND clip_id = ?`;
  return listRuns(catalog).flatMap((run) => {
    const row = sql(catalog, select).get(run.id, clipId);
    return row === undefined ? [] : [{ run, prediction: toPrediction(row) }];
  });
}

/** Throws `run/unknown`, `run/exists`. */
export function renameRun(catalog: WritableCatalog, name: string, to: string): RunRecord {
  return transaction(catalog, () => {
    const run = findRun(catalog, name);
    if (run === null) throw unknownRun(name);
    if (to !== name && findRun(catalog, to) !== null) throw runExists(to);
    sql(catalog, 'UPDATE runs SET name = ? WHERE id = ?').run(to, run.id);
    return { ...run, name: to };
  });
}

/** Removes a run and its predictions; gives what it was, so that its probabilities file can go too, or null. */
export function removeRun(catalog: WritableCatalog, name: string): RunRecord | null {
  return transaction(catalog, () => {
    const run = findRun(catalog, name);
    if (run !== null) sql(catalog, 'DELETE FROM runs WHERE id = ?').run(run.id);
    return run;
  });
}

function runExists(name: string): EarmarkError {
  return new EarmarkError(
    'run/exists',
    `The project has a run named "${name}" already; it was left as it is. Choose another name, or remove that run first.`,
    { run: name },
  );
}

function unknownRun(name: string): EarmarkError {
  return new EarmarkError('run/unknown', `The project has no run named "${name}".`, { run: name });
}

function toRun(row: readonly unknown[]): RunRecord {
  const [id, name, createdAt, source, labels, rows, matched, probabilitiesFile, problems, details] = row as [
    number,
    string,
    string,
    string,
    string,
    number,
    number,
    string | null,
    string,
    string | null,
  ];
  return {
    id,
    name,
    createdAt,
    source,
    labels: JSON.parse(labels) as string[],
    rows,
    matched,
    probabilitiesFile,
    problems: JSON.parse(problems) as Problem[],
    details: details === null ? null : (JSON.parse(details) as RunRecord['details']),
  };
}

function toPrediction(row: readonly unknown[]): PredictionRecord {
  const [clipId, predicted, confidence, hypothesis, latencyMs, index] = row as [
    number,
    string | null,
    number | null,
    string | null,
    number | null,
    number,
  ];
  return { clipId, predicted, confidence, hypothesis, latencyMs, row: index };
}
