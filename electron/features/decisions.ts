// Decisions: apply, preview, undo, redo, history. A function that returns has committed.
//   applyDecision    one batch: every change on every clip of the selection, and the flags they settle
//   applyDecisions   the same with different changes for different clips, and a status for files that are none
//   previewDecision  the same, counted and shown, nothing changed
//   undo, redo       by batch, without limit

import type { ClipSelection } from '../../shared/contract/common.ts';
import type { Change, DecisionResult, FileStatus } from '../../shared/contract/decisions.ts';
import type { DecisionField } from '../../shared/domain/decision.ts';
import type { FlagKind, FlagStatus } from '../../shared/domain/flag.ts';
import { assertNever } from '../../shared/errors.ts';
import {
  applyChanges,
  type ChangeInput,
  type ClipRecord,
  flagsOfClips,
  readClipsByIds,
  redo as redoInCatalog,
  undoBatch,
  undoState,
} from '../catalog/index.ts';
import { createClipMatcher } from '../formats/index.ts';
import { resolveSelection } from './clips.ts';
import type { OpenProject } from './open-project.ts';

const labelFlags: readonly FlagKind[] = ['label-issue', 'duplicate-conflict', 'neighbour-issue'];
const audioFlags: readonly FlagKind[] = [
  'silent',
  'too-quiet',
  'clipped',
  'cut-edge',
  'too-short',
  'too-long',
  'duplicate',
  'near-duplicate',
  'outlier',
];

interface PlainChange {
  readonly field: DecisionField;
  readonly subject: string | null;
  readonly to: string | null;
  readonly reason: string | null;
}

function plain(change: Change): PlainChange {
  switch (change.field) {
    case 'label':
    case 'transcript':
    case 'note':
      return { field: change.field, subject: null, to: emptyToNull(change.to), reason: null };
    case 'review':
      return { field: 'review', subject: null, to: change.to, reason: change.reason ?? null };
    case 'flag':
      return { field: 'flag', subject: change.kind, to: change.to, reason: null };
    default:
      return assertNever(change);
  }
}

function emptyToNull(text: string | null): string | null {
  return text === null || text.trim() === '' ? null : text;
}

/**
 * What a decision says about the clip's flags: a new label or an unusable mark settles the finding (fixed); keeping
 * the label dismisses the doubt about it.
 */
function settledFlags(
  changes: readonly PlainChange[],
  presentLabel: string | null,
): Map<FlagKind, FlagStatus> {
  const settled = new Map<FlagKind, FlagStatus>();
  for (const { field, to } of changes) {
    if (field === 'review' && to === 'accepted')
      for (const kind of labelFlags) settled.set(kind, 'dismissed');
    if (field === 'review' && to === 'unusable')
      for (const kind of [...audioFlags, ...labelFlags]) settled.set(kind, 'fixed');
    // Choosing the label that is there already is another way of keeping it.
    if (field === 'label')
      for (const kind of labelFlags) settled.set(kind, to === presentLabel ? 'dismissed' : 'fixed');
  }
  for (const { field, subject } of changes) if (field === 'flag') settled.delete(subject as FlagKind);
  return settled;
}

/** Changes of several clips as the catalog takes them, flags included. */
export function withSettledFlags(
  project: OpenProject,
  changesByClip: ReadonlyMap<number, readonly PlainChange[]>,
): ChangeInput[] {
  const ids = [...changesByClip.keys()];
  const result: ChangeInput[] = [];
  for (const [clipId, changes] of changesByClip)
    for (const change of changes) result.push({ clipId, ...change });
  for (const flag of flagsOfClips(project.catalog, ids)) {
    if (flag.clipId === null || flag.status === 'fixed' || flag.status === 'dismissed') continue;
    const settled = settledFlags(changesByClip.get(flag.clipId) ?? [], project.labelOf(flag.clipId));
    const to = settled.get(flag.kind);
    if (to !== undefined)
      result.push({ clipId: flag.clipId, field: 'flag', subject: flag.kind, to, reason: null });
  }
  return result;
}

/** Applies one batch and brings every view up to date. */
export function commitChanges(
  project: OpenProject,
  changes: readonly ChangeInput[],
  by: string,
  why: string | null,
  files?: FileStatus,
): DecisionResult {
  const clips = new Set(changes.map(({ clipId }) => clipId)).size;
  const flagIds = new Set(files?.flagIds);
  const applied = applyChanges(project.catalog, {
    by,
    why,
    changes,
    files: files && [...flagIds].map((flagId) => ({ flagId, to: files.to })),
  });
  const { batch, clipIds } = applied;
  const changed = clipIds.length + applied.files;
  if (batch !== null) project.decided(clipIds);
  const state = undoState(project.catalog);
  return {
    batch,
    applied: changed,
    unchanged: clips + flagIds.size - changed,
    revision: project.revision,
    description: state.undo ?? '',
    state,
  };
}

interface DecisionStep {
  readonly selection: ClipSelection;
  readonly changes: readonly Change[];
}

/**
 * Applies every step as one batch; a clip in several steps gets the changes of all, in order. `files` belongs to the same
 * batch. Throws `clip/unknown`, `flag/unknown`, `flag/not-a-file`.
 */
export function applyDecisions(
  project: OpenProject,
  input: {
    steps: readonly DecisionStep[];
    files?: FileStatus | undefined;
    why?: string | undefined;
  },
  by: string,
): DecisionResult {
  // A filter means the clips as they are now, also after a decision that another window made a moment ago.
  project.noticeOtherWriters();
  const byClip = new Map<number, readonly PlainChange[]>();
  for (const step of input.steps) {
    const changes = step.changes.map(plain);
    for (const id of resolveSelection(project.set, step.selection)) {
      const earlier = byClip.get(id);
      byClip.set(id, earlier ? [...earlier, ...changes] : changes);
    }
  }
  return commitChanges(project, withSettledFlags(project, byClip), by, input.why ?? null, input.files);
}

export function applyDecision(
  project: OpenProject,
  { why, ...step }: DecisionStep & { why?: string | undefined },
  by: string,
): DecisionResult {
  return applyDecisions(project, { steps: [step], why }, by);
}

function presentValue(
  clip: ClipRecord,
  change: PlainChange,
  flagStatus: (clipId: number, kind: string) => string | null,
): string | null {
  switch (change.field) {
    case 'label':
      return clip.label;
    case 'transcript':
      return clip.transcript;
    case 'review':
      return clip.review;
    case 'note':
      return clip.note;
    case 'flag':
      return flagStatus(clip.id, change.subject ?? '');
    default:
      return assertNever(change.field);
  }
}

const PREVIEW_EXAMPLES = 20;

export function previewDecision(
  project: OpenProject,
  input: { selection: ClipSelection; changes: readonly Change[] },
) {
  const changes = input.changes.map(plain);
  const ids = resolveSelection(project.set, input.selection);
  const statuses = new Map<string, string>();
  if (changes.some(({ field }) => field === 'flag')) {
    for (const flag of flagsOfClips(project.catalog, [...ids]))
      statuses.set(`${flag.clipId} ${flag.kind}`, flag.status);
  }
  const flagStatus = (id: number, kind: string): string | null => statuses.get(`${id} ${kind}`) ?? null;
  const groups = new Map<string, { field: string; from: string | null; to: string | null; count: number }>();
  const examples: { id: number; path: string; from: string | null; to: string | null }[] = [];
  let applied = 0;
  let unchanged = 0;
  for (const clip of readClipsByIds(project.catalog, [...ids])) {
    for (const change of changes) {
      const from = presentValue(clip, change, flagStatus);
      if (from === change.to) {
        unchanged += 1;
        continue;
      }
      applied += 1;
      const key = JSON.stringify([change.field, from, change.to]);
      const group = groups.get(key) ?? { field: change.field, from, to: change.to, count: 0 };
      group.count += 1;
      groups.set(key, group);
      if (examples.length < PREVIEW_EXAMPLES)
        examples.push({ id: clip.id, path: clip.path, from, to: change.to });
    }
  }
  return {
    clips: ids.length,
    applied,
    unchanged,
    groups: [...groups.values()].sort((a, b) => b.count - a.count),
    examples,
  };
}

/** Labels by clip path, as one batch; paths that are no clip are listed and the rest is applied. */
export function relabelClips(
  project: OpenProject,
  wanted: readonly { readonly path: string; readonly label: string | null; readonly reason: string | null }[],
  by: string,
) {
  const failed: { path: string; code: string; message: string }[] = [];
  const byClip = new Map<number, PlainChange[]>();
  const clipOf = clipFinder(project);
  for (const { path, label, reason } of wanted) {
    const row = clipOf(path);
    if (row === 'several')
      failed.push({ path, code: 'clip/ambiguous', message: 'Several clips of this project could be meant.' });
    else if (row === null)
      failed.push({ path, code: 'clip/unknown', message: 'There is no such clip in this project.' });
    else
      byClip.set(project.clipIdAt(row), [{ field: 'label', subject: null, to: emptyToNull(label), reason }]);
  }
  const unchanged = [...byClip].filter(([id, [change]]) => project.labelOf(id) === change?.to).length;
  const { batch } = commitChanges(project, withSettledFlags(project, byClip), by, null);
  return { applied: byClip.size - unchanged, unchanged, failed, batch };
}

/** Rows by the path as a person wrote it: the very path, or one from a folder above or below the dataset's. */
function clipFinder(project: OpenProject): (path: string) => number | 'several' | null {
  const paths = project.clipPaths();
  const matcher = createClipMatcher(paths);
  const seen = new Set<string>();
  const inSeveralDatasets = new Set<string>();
  for (const path of paths) {
    if (seen.has(path)) inSeveralDatasets.add(path);
    seen.add(path);
  }
  return (path) => {
    const match = matcher.match(path);
    if (match.kind === 'ambiguous') return 'several';
    if (match.kind === 'none' || match.by === 'name' || match.by === 'stem') return null;
    return inSeveralDatasets.has(paths[match.index] ?? '') ? 'several' : match.index;
  };
}

export function undo(project: OpenProject, by: string, batch?: string) {
  return takenBack(project, undoBatch(project.catalog, by, batch));
}

export function redo(project: OpenProject, by: string) {
  return takenBack(project, redoInCatalog(project.catalog, by));
}

function takenBack(project: OpenProject, outcome: ReturnType<typeof undoBatch>) {
  const clipIds = [
    ...new Set(outcome.events.flatMap((event) => (event.clipId === null ? [] : [event.clipId]))),
  ];
  if (outcome.events.length > 0) project.decided(clipIds);
  return { ...outcome, clipIds, revision: project.revision, state: undoState(project.catalog) };
}
