// Writes decisions: each is an event in the append-only log and, in the same transaction, the new current value of the
// clip or unusable file. Undo and redo append events too; nothing ever changes or removes one. Reading is history.ts and
// undo-stack.ts.
import { decodeTime, incrementBase32, ulid } from 'ulid';
import type { DecisionEvent } from '../../shared/domain/decision.ts';
import {
  type CurrentClip,
  type CurrentValue,
  originalValue,
  readCurrentClip,
  readFlagStatus,
  setCurrent,
} from './current.ts';
import {
  fileFlagKind,
  fileOfFlag,
  readFileStatus,
  setFileStatus,
  type UnusableFile,
} from './file-decisions.ts';
import { hot, type ReadableCatalog, transaction, value, type WritableCatalog } from './handle.ts';
import { type StoredEvent, storedEvents } from './history.ts';
import type { ChangeInput, FileChangeInput } from './records.ts';
import { type Batch, nextRedo, nextUndo, undoTarget, wordsOf } from './undo-stack.ts';

export interface ApplyResult {
  /** Null when nothing had to change. */
  readonly batch: string | null;
  readonly applied: number;
  readonly unchanged: number;
  /** Clips that were changed, each once. */
  readonly clipIds: number[];
  /** Unusable files whose flag changed its status. */
  readonly files: number;
}

/**
 * Applies all changes as one batch in one transaction, or none of them. A change to the value that is there already is
 * `unchanged` and writes nothing; so is a flag decision for a clip without such a flag. Throws `clip/unknown`,
 * `flag/unknown`, `flag/not-a-file`.
 */
export function applyChanges(
  catalog: WritableCatalog,
  action: {
    readonly by: string;
    readonly why?: string | null | undefined;
    readonly changes: readonly ChangeInput[];
    readonly files?: readonly FileChangeInput[] | undefined;
  },
): ApplyResult {
  return transaction(catalog, () => {
    const log = openBatch(catalog, action.by);
    const why = action.why ?? null;
    const clipIds = new Set<number>();
    let unchanged = 0;
    for (const change of action.changes) {
      const clip = readCurrentClip(catalog, change.clipId);
      const present = presentValue(catalog, clip, change);
      const reason = change.to === null ? (change.reason ?? null) : (change.reason ?? why);
      const standsFor = change.field === 'review' && change.to !== null ? reason : null;
      if (present === null || (present.value === change.to && present.reason === standsFor)) {
        unchanged += 1;
        continue;
      }
      setCurrent(catalog, change.clipId, change.field, change.subject, {
        value: change.to,
        reason: standsFor,
        isOriginal: false,
      });
      log.append({
        about: { clipId: clip.id, path: clip.path },
        field: change.field,
        subject: change.subject,
        present,
        to: change.to,
        // The reason of a review is part of its value: without a value there is none.
        reason: change.field === 'review' ? standsFor : (change.reason ?? why),
        undoes: null,
      });
      clipIds.add(change.clipId);
    }
    const wantedFiles = action.files ?? [];
    let files = 0;
    for (const { flagId, to } of wantedFiles) {
      const file = fileOfFlag(catalog, flagId);
      const present = readFileStatus(catalog, file);
      if (present.value === to) continue;
      setFileStatus(catalog, file, { value: to, reason: null, isOriginal: false });
      log.append({
        about: file,
        field: 'flag',
        subject: fileFlagKind,
        present,
        to,
        reason: why,
        undoes: null,
      });
      files += 1;
    }
    unchanged += wantedFiles.length - files;
    return {
      batch: log.batch(),
      applied: action.changes.length + wantedFiles.length - unchanged,
      unchanged,
      clipIds: [...clipIds],
      files,
    };
  });
}

export interface TakeBackResult {
  /** The new batch that undid (or redid); null when there was nothing to do. */
  readonly batch: string | null;
  readonly events: DecisionEvent[];
  /** Events whose value was changed again since, and so was left alone. */
  readonly leftAlone: number;
  /** Clips that were changed, in the order of the batch that was taken back. */
  readonly clipIds: number[];
  /** What was undone or redone, in words. */
  readonly description: string;
}

/**
 * Undoes the newest batch in force, or the named one, by new events. Naming an undo takes that back, which is a redo.
 * Without anything to undo the result has no batch. Throws `undo/unknown-batch`, `undo/already-undone`.
 */
export function undoBatch(catalog: WritableCatalog, by: string, batch?: string): TakeBackResult {
  return transaction(catalog, () => {
    const target = batch === undefined ? nextUndo(catalog) : undoTarget(catalog, batch);
    return target === null ? nothing('Nothing to undo') : takeBack(catalog, by, target);
  });
}

/** Redoes what was undone last. A new decision ends what could be redone. */
export function redo(catalog: WritableCatalog, by: string): TakeBackResult {
  return transaction(catalog, () => {
    const target = nextRedo(catalog);
    return target === null ? nothing('Nothing to redo') : takeBack(catalog, by, target);
  });
}

function nothing(description: string): TakeBackResult {
  return { batch: null, events: [], leftAlone: 0, clipIds: [], description };
}

function takeBack(catalog: WritableCatalog, by: string, target: Batch): TakeBackResult {
  const log = openBatch(catalog, by);
  const events: DecisionEvent[] = [];
  const clipIds = new Set<number>();
  let leftAlone = 0;
  // Last first: a batch may have changed the same value twice.
  for (const stored of storedEvents(catalog, target.id).reverse()) {
    const { event, file } = stored;
    if (file !== null) {
      const undone = takeBackOfFile(catalog, stored, file);
      if (undone === null) leftAlone += 1;
      else events.push(log.append(undone));
      continue;
    }
    if (event.clipId === null) continue;
    const clip = readCurrentClip(catalog, event.clipId);
    const present = presentValue(catalog, clip, event) ?? { value: 'open', reason: null, isOriginal: true };
    if (present.value !== event.to || (event.field === 'review' && present.reason !== event.reason)) {
      leftAlone += 1;
      continue;
    }
    const restored = valueBefore(stored, clip);
    setCurrent(catalog, event.clipId, event.field, event.subject, restored);
    const { field, subject } = event;
    events.push(
      log.append({
        about: { clipId: clip.id, path: clip.path },
        field,
        subject,
        present,
        to: restored.value,
        reason: restored.reason,
        undoes: event.id,
      }),
    );
    clipIds.add(event.clipId);
  }
  return {
    batch: log.batch(),
    events,
    leftAlone,
    clipIds: [...clipIds].reverse(),
    description: wordsOf(catalog, target),
  };
}

/** Null when the status was changed again since. */
function takeBackOfFile(
  catalog: WritableCatalog,
  { event, fromOriginal }: StoredEvent,
  file: UnusableFile,
): NewEvent | null {
  const present = readFileStatus(catalog, file);
  if (present.value !== event.to) return null;
  const restored = { value: fromOriginal ? 'open' : event.from, reason: null, isOriginal: fromOriginal };
  setFileStatus(catalog, file, restored);
  const { field, subject, id: undoes } = event;
  return { about: file, field, subject, present, to: restored.value, reason: null, undoes };
}

/** What stood before an event: a decision's value, or the import's as it is now. */
function valueBefore(stored: StoredEvent, clip: CurrentClip): CurrentValue {
  if (stored.fromOriginal)
    return { value: originalValue(clip, stored.event.field), reason: null, isOriginal: true };
  return { value: stored.event.from, reason: stored.fromReason, isOriginal: false };
}

function presentValue(
  catalog: ReadableCatalog,
  clip: CurrentClip,
  about: Pick<ChangeInput, 'field' | 'subject'>,
): CurrentValue | null {
  if (about.field !== 'flag') return clip[about.field];
  if (about.subject === null) throw new Error('a flag decision names the kind of flag');
  return readFlagStatus(catalog, clip.id, about.subject);
}

interface NewEvent {
  readonly about: { readonly clipId: number; readonly path: string } | UnusableFile;
  readonly field: ChangeInput['field'];
  readonly subject: string | null;
  readonly present: CurrentValue;
  readonly to: string | null;
  readonly reason: string | null;
  readonly undoes: string | null;
}

/** Appends events of one batch, which is named by its first event. Ids go up, whatever the clock does. */
function openBatch(catalog: WritableCatalog, by: string) {
  const insert = hot(
    catalog,
    `INSERT INTO events (id, clip_id, clip, field, subject, from_value, to_value, by, at, reason, batch, undoes,
       from_original, from_reason, dataset_id, finding) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const now = Date.now();
  const at = new Date(now).toISOString();
  let lastId = value<string>(catalog, 'SELECT MAX(id) FROM events') ?? null;
  let batch: string | null = null;
  return {
    batch: () => batch,
    append(added: NewEvent): DecisionEvent {
      const id = nextId(lastId, now);
      lastId = id;
      batch ??= id;
      const { about, field, subject, present, to, reason, undoes } = added;
      const [clipId, datasetId, finding] =
        'clipId' in about ? [about.clipId, null, null] : [null, about.datasetId, about.finding];
      const isFromOriginal = present.isOriginal ? 1 : 0;
      insert.run(
        id,
        clipId,
        about.path,
        field,
        subject,
        present.value,
        to,
        by,
        at,
        reason,
        batch,
        undoes,
        isFromOriginal,
        present.reason,
        datasetId,
        finding,
      );
      return {
        id,
        clipId,
        clip: about.path,
        field,
        subject,
        from: present.value,
        to,
        by,
        at,
        reason,
        batch,
        undoes,
        finding,
      };
    },
  };
}

/** A ULID above `last`: of this moment, or the next one after `last` when the clock stands still or went back. */
function nextId(last: string | null, now: number): string {
  if (last === null || decodeTime(last) < now) return ulid(now);
  return incrementBase32(last);
}
