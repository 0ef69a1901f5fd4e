// Checks a project: the file itself, references, whether every current value is what the log of decisions says, and
// whether the recordings are there. Repair rewrites current values from the log; it never touches the log or audio.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '../../shared/contract/common.ts';
import type { DecisionField } from '../../shared/domain/decision.ts';
import { originalValue, readCurrentClip, setCurrent } from './current.ts';
import { setFileStatus, type WrongFileStatus, wrongFileStatuses } from './file-decisions.ts';
import {
  databaseOf,
  guarded,
  type ReadableCatalog,
  sql,
  transaction,
  type WritableCatalog,
} from './handle.ts';
import { eventCount } from './history.ts';

export interface CheckResult {
  readonly ok: boolean;
  /** `ok`, or what SQLite found. */
  readonly integrity: string;
  /** Rows that refer to rows which do not exist. */
  readonly foreignKeys: number;
  readonly events: number;
  /** Clips whose file the last import met and that is not there now. */
  readonly missingFiles: number;
  readonly problems: Problem[];
}

/** Missing recordings are a problem that is reported, but leave the project `ok`. With `repair`, values are set right. */
export async function checkCatalog(
  catalog: WritableCatalog,
  options: { readonly repair?: boolean } = {},
): Promise<CheckResult> {
  const problems: Problem[] = [];
  const database = databaseOf(catalog);
  const findings = guarded(catalog.file, () => database.pragma('integrity_check(20)')) as {
    integrity_check: string;
  }[];
  const integrity = findings.map((finding) => finding.integrity_check).join('; ');
  if (integrity !== 'ok') {
    problems.push({
      code: 'check/integrity',
      message: `The project file is damaged. Your audio is unharmed. Restore the newest backup from ${catalog.file}.backups.`,
      count: findings.length,
      examples: findings.slice(0, 3).map((finding) => finding.integrity_check),
    });
    return { ok: false, integrity, foreignKeys: 0, events: eventCount(catalog), missingFiles: 0, problems };
  }
  const foreignKeys = (guarded(catalog.file, () => database.pragma('foreign_key_check')) as unknown[]).length;
  if (foreignKeys > 0) {
    problems.push({
      code: 'check/references',
      message: 'Rows refer to clips, datasets or runs that do not exist.',
      count: foreignKeys,
    });
  }
  const wrong = wrongValues(catalog);
  const wrongFiles = wrongFileStatuses(catalog);
  const found = [
    ...wrong.map((entry) => `${entry.path}: ${entry.field}`),
    ...wrongFiles.map(({ file }) => `${file.path}: flag`),
  ];
  const isRepaired = found.length > 0 && options.repair === true;
  if (isRepaired) repairValues(catalog, wrong, wrongFiles);
  if (found.length > 0) {
    problems.push({
      code: isRepaired ? 'check/repaired' : 'check/values',
      message: isRepaired
        ? 'Current values that differed from the log of decisions were set right.'
        : 'Current values differ from the log of decisions. Repairing sets them to what the log says.',
      count: found.length,
      examples: found.slice(0, 3),
    });
  }
  const missing = await missingFiles(catalog);
  if (missing.count > 0) {
    problems.push({
      code: 'check/missing-files',
      message:
        'Recordings are not where the last import found them. If the folder was moved, link the dataset again.',
      count: missing.count,
      examples: missing.examples,
    });
  }
  const ok = foreignKeys === 0 && (found.length === 0 || isRepaired);
  return { ok, integrity, foreignKeys, events: eventCount(catalog), missingFiles: missing.count, problems };
}

interface WrongValue {
  readonly clipId: number;
  readonly path: string;
  readonly field: DecisionField;
  readonly subject: string | null;
  readonly to: string | null;
  readonly reason: string | null;
  readonly isOriginal: boolean;
}

/**
 * The replay of the log needs only the last event of each value: it says what stands, unless it returned to what
 * stood before a first decision, which is the import's value.
 */
const standing = `SELECT e.clip_id, e.field, e.subject, e.to_value, e.reason, u.from_original IS 1 AS is_original
  FROM (SELECT MAX(seq) AS last FROM events WHERE clip_id IS NOT NULL GROUP BY clip_id, field, subject) l
  JOIN events e ON e.seq = l.last LEFT JOIN events u ON u.id = e.undoes`;

function wrongValues(catalog: ReadableCatalog): WrongValue[] {
  const wrong: WrongValue[] = [];
  const decided = new Set<string>();
  for (const row of sql(catalog, standing).all()) {
    const [clipId, field, subject, to, reason, original] = row as [
      number,
      DecisionField,
      string | null,
      string | null,
      string | null,
      number,
    ];
    const clip = readCurrentClip(catalog, clipId);
    const isOriginal = original === 1;
    const wanted = isOriginal ? originalValue(clip, field) : to;
    const wantedReason = field === 'review' && wanted !== null ? reason : null;
    decided.add(`${clipId} ${field} ${subject ?? ''}`);
    if (field === 'flag') {
      const status = sql(catalog, 'SELECT status FROM flag_decisions WHERE clip_id = ? AND kind = ?').get(
        clipId,
        subject,
      );
      if ((status?.[0] ?? null) === (isOriginal ? null : to)) continue;
    } else {
      const present = clip[field];
      const isSame = present.value === wanted && present.reason === wantedReason;
      const hasMark = field === 'label' || field === 'transcript';
      if (isSame && (!hasMark || present.isOriginal === isOriginal)) continue;
    }
    wrong.push({ clipId, path: clip.path, field, subject, to: wanted, reason: wantedReason, isOriginal });
  }
  for (const found of undecidedValues(catalog)) {
    if (!decided.has(`${found.clipId} ${found.field} ${found.subject ?? ''}`)) wrong.push(found);
  }
  return wrong;
}

/** Values that look decided; those without any event in the log are wrong. */
function undecidedValues(catalog: ReadableCatalog): WrongValue[] {
  const rows = sql(
    catalog,
    `SELECT id, path, 'label', NULL, original_label FROM clips WHERE decided & 1 OR label IS NOT original_label
     UNION ALL SELECT id, path, 'transcript', NULL, original_transcript FROM clips
       WHERE decided & 2 OR transcript IS NOT original_transcript
     UNION ALL SELECT id, path, 'review', NULL, NULL FROM clips WHERE review IS NOT NULL OR review_reason IS NOT NULL
     UNION ALL SELECT id, path, 'note', NULL, NULL FROM clips WHERE note IS NOT NULL
     UNION ALL SELECT c.id, c.path, 'flag', s.kind, 'open' FROM flag_decisions s JOIN clips c ON c.id = s.clip_id`,
  ).all();
  return (rows as [number, string, DecisionField, string | null, string | null][]).map(
    ([clipId, path, field, subject, to]) => ({
      clipId,
      path,
      field,
      subject,
      to,
      reason: null,
      isOriginal: true,
    }),
  );
}

function repairValues(
  catalog: WritableCatalog,
  wrong: readonly WrongValue[],
  wrongFiles: readonly WrongFileStatus[],
): void {
  transaction(catalog, () => {
    for (const { clipId, field, subject, to, reason, isOriginal } of wrong) {
      setCurrent(catalog, clipId, field, subject, { value: to, reason, isOriginal });
    }
    for (const { file, wanted } of wrongFiles) setFileStatus(catalog, file, wanted);
  });
}

async function missingFiles(
  catalog: ReadableCatalog,
): Promise<{ readonly count: number; readonly examples: string[] }> {
  const rows = sql(
    catalog,
    'SELECT d.root, c.path FROM clips c JOIN datasets d ON d.id = c.dataset_id WHERE c.is_present = 1 ORDER BY c.id',
  ).all() as [string, string][];
  const examples: string[] = [];
  let count = 0;
  // In small groups, so that other calls are answered meanwhile.
  const groupSize = 64;
  for (let start = 0; start < rows.length; start += groupSize) {
    const group = rows.slice(start, start + groupSize);
    const present = await Promise.all(group.map(([root, path]) => isFile(join(root, path))));
    group.forEach(([, path], index) => {
      if (present[index]) return;
      count += 1;
      if (examples.length < 3) examples.push(path);
    });
  }
  return { count, examples };
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
