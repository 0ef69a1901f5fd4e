// What was decided about files that are no clip because they could not be used: which file a flag is about, its status,
// and setting it. Like the values of clips (current.ts) it is derived from the log of decisions.
//
// A decision is about a file by its dataset and path. It stands while imports go on finding the file unusable, also for
// another reason. A file that has become readable has no flag; if it breaks again later, the decision stands again.
import { flagTitles } from '../../shared/domain/flag.ts';
import { EarmarkError } from '../../shared/errors.ts';
import type { CurrentValue } from './current.ts';
import { hot, type ReadableCatalog, sql, type WritableCatalog } from './handle.ts';
import type { FlagRecord } from './records.ts';

export interface UnusableFile {
  readonly datasetId: number;
  /** Below the dataset's root. */
  readonly path: string;
  /** Of a row of a table: the sentence about it, as one table may have many. Null for the file as a whole. */
  readonly finding: string | null;
}

/** The kind of all flags of such files. */
export const fileFlagKind = 'unreadable';

/** Joins the decision `u` to flags `f`; flags of clips have no dataset and so never any. */
export const joinFileDecisions = `LEFT JOIN file_decisions u
  ON u.dataset_id = f.dataset_id AND u.path = f.path AND u.finding = f.finding AND u.kind = f.kind`;

/** The file that a flag is about. Throws `flag/unknown`, `flag/not-a-file`. */
export function fileOfFlag(catalog: ReadableCatalog, flagId: number): UnusableFile {
  const row = hot(catalog, 'SELECT dataset_id, path, finding, kind, clip_id FROM flags WHERE id = ?').get(
    flagId,
  );
  if (row === undefined) {
    throw new EarmarkError(
      'flag/unknown',
      `The project has no flag number ${flagId}; its dataset may have been imported again since it was listed. Nothing was changed. Look at the flags as they are now.`,
      { flagId },
    );
  }
  const [datasetId, path, finding, kind, clipId] = row as [
    number | null,
    string,
    string,
    FlagRecord['kind'],
    number | null,
  ];
  if (clipId !== null || datasetId === null) {
    throw new EarmarkError(
      'flag/not-a-file',
      `Flag number ${flagId} ("${flagTitles[kind]}" of ${path}) is about a clip. Expected was the flag of a file that could not be used; those of clips are settled through their clips. Nothing was changed.`,
      { flagId, kind, path },
    );
  }
  return { datasetId, path, finding: finding === '' ? null : finding };
}

/** `open` where nothing was decided; also for a file that has no flag at present. */
export function readFileStatus(catalog: ReadableCatalog, file: UnusableFile): CurrentValue {
  const status = hot(
    catalog,
    'SELECT status FROM file_decisions WHERE dataset_id = ? AND path = ? AND finding = ? AND kind = ?',
  ).get(...keyOf(file));
  return status === undefined
    ? { value: 'open', reason: null, isOriginal: true }
    : { value: status[0] as string, reason: null, isOriginal: false };
}

export function setFileStatus(catalog: WritableCatalog, file: UnusableFile, to: CurrentValue): void {
  if (to.isOriginal) {
    hot(
      catalog,
      'DELETE FROM file_decisions WHERE dataset_id = ? AND path = ? AND finding = ? AND kind = ?',
    ).run(...keyOf(file));
  } else {
    hot(
      catalog,
      'INSERT OR REPLACE INTO file_decisions (dataset_id, path, finding, kind, status) VALUES (?, ?, ?, ?, ?)',
    ).run(...keyOf(file), to.value);
  }
}

function keyOf({ datasetId, path, finding }: UnusableFile): [number, string, string, string] {
  return [datasetId, path, finding ?? '', fileFlagKind];
}

export interface WrongFileStatus {
  readonly file: UnusableFile;
  /** What the log says. */
  readonly wanted: CurrentValue;
}

/** Files whose status is not what the log of decisions says; see `checkCatalog`. */
export function wrongFileStatuses(catalog: ReadableCatalog): WrongFileStatus[] {
  const rows = sql(
    catalog,
    `SELECT e.dataset_id, e.clip, e.finding, e.to_value, u.from_original IS 1
     FROM (SELECT MAX(seq) AS last FROM events WHERE clip_id IS NULL AND dataset_id IS NOT NULL
           GROUP BY dataset_id, clip, finding) l
     JOIN events e ON e.seq = l.last LEFT JOIN events u ON u.id = e.undoes
     UNION ALL SELECT f.dataset_id, f.path, NULLIF(f.finding, ''), 'open', 1 FROM file_decisions f
       WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.clip_id IS NULL AND e.dataset_id = f.dataset_id
         AND e.clip = f.path AND COALESCE(e.finding, '') = f.finding)`,
  ).all();
  const wrong: WrongFileStatus[] = [];
  for (const row of rows) {
    const [datasetId, path, finding, to, original] = row as [number, string, string | null, string, number];
    const file = { datasetId, path, finding };
    const wanted = { value: original === 1 ? 'open' : to, reason: null, isOriginal: original === 1 };
    const present = readFileStatus(catalog, file);
    if (present.value !== wanted.value || present.isOriginal !== wanted.isOriginal)
      wrong.push({ file, wanted });
  }
  return wrong;
}
