// Decisions: the one module through which every view changes labels, reviews, notes, transcripts and flags.
// Actions run one after the other in the order they were pressed. "Saved" is said after the engine's reply only.

import type { ClipSelection } from '../../../shared/contract/common.ts';
import type { Change, FileStatus } from '../../../shared/contract/decisions.ts';
import type { ReviewState } from '../../../shared/domain/clip.ts';
import type { FlagKind, FlagStatus } from '../../../shared/domain/flag.ts';
import { client, errorDataOf, isUnreachable } from '../../lib/client.ts';
import { keysInWords } from '../../lib/commands.ts';
import { noteRevision } from '../../lib/events.ts';
import { counted } from '../../lib/format.ts';
import { painted } from '../../lib/painted.ts';
import { notify, notifyError } from '../../lib/state/notices.ts';
import { actionTarget, useSelection } from '../../lib/state/selection.ts';
import { ask } from './questions.ts';

export interface Decided {
  /** Clips the decision was about; null when they were named by a filter. */
  readonly ids: readonly number[] | null;
  readonly changes: readonly Change[];
}

const listeners = new Set<(decided: Decided) => void>();

/** Calls back after each decision that is on disk (not after undo). Returns the function that stops it. */
export function onDecided(listener: (decided: Decided) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

interface TakenBack {
  readonly how: 'undo' | 'redo';
  readonly ids: readonly number[];
}

const takenBackListeners = new Set<(takenBack: TakenBack) => void>();

/** Calls back after each undo and redo that is on disk. Returns the function that stops it. */
export function onTakenBack(listener: (takenBack: TakenBack) => void): () => void {
  takenBackListeners.add(listener);
  return () => takenBackListeners.delete(listener);
}

let queue: Promise<unknown> = Promise.resolve();

/** Runs after everything that was asked for before it, whether that worked or not. */
function inTurn<T>(task: () => Promise<T>): Promise<T> {
  const result = queue.then(task, task);
  queue = result.catch(() => undefined);
  return result;
}

function withArrow(description: string): string {
  return description.replaceAll('->', '→');
}

function sayUndo() {
  return { title: 'Undo', keys: keysInWords('decisions.undo'), run: () => void undo() };
}

interface Step {
  readonly selection: ClipSelection;
  readonly changes: Change[];
}

interface SendOptions {
  readonly why?: string | undefined;
  /** Files that are no clip, by their flags: settled in the same step. */
  readonly files?: FileStatus | undefined;
}

async function send(steps: Step[], { why, files }: SendOptions = {}): Promise<boolean> {
  try {
    const reply = await client.decisions.applyMany({
      steps,
      ...(files ? { files } : {}),
      ...(why ? { why } : {}),
    });
    if (reply.applied === 0) {
      notify({ kind: 'done', text: 'Nothing to change: it is so already' });
    } else {
      const rest =
        reply.unchanged > 0
          ? ` (${counted(reply.unchanged, steps.length === 0 ? 'file' : 'clip')} had it already)`
          : '';
      notify({ kind: 'done', lead: 'saved', text: withArrow(reply.description) + rest, action: sayUndo() });
    }
    // That it is saved is seen at once; the views, which take longer, follow.
    await painted();
    noteRevision(reply.revision);
    for (const { selection, changes } of steps) {
      for (const listener of listeners) listener({ ids: 'ids' in selection ? selection.ids : null, changes });
    }
    return true;
  } catch (error) {
    const data = errorDataOf(error);
    const text = isUnreachable(error) ? `Not saved yet. ${data.message}` : data.message;
    notifyError(
      { ...data, message: text },
      {
        title: 'Try again',
        run: () => void inTurn(() => send(steps, { why, files })),
      },
    );
    return false;
  }
}

interface ApplyOptions extends Pick<SendOptions, 'why'> {
  /** Several clips are shown before they change unless this is set. */
  readonly isPreviewed?: boolean;
}

/**
 * Applies changes to clips as one step that one undo takes back. More than one clip: what would change is shown
 * first. @returns true once it is on disk; false when it failed (a notice offers to try again) or was given up.
 */
async function apply(
  changes: Change[],
  selection: ClipSelection,
  options: ApplyOptions = {},
): Promise<boolean> {
  const isOne = 'ids' in selection && selection.ids.length === 1;
  if ('ids' in selection && selection.ids.length === 0) return false;
  if (!isOne && !options.isPreviewed && !(await ask({ kind: 'preview', selection, changes }))) return false;
  return inTurn(() => send([{ selection, changes }], options));
}

/** Different changes for different clips, shown by the caller beforehand; one step that one undo takes back. */
async function applyMany(steps: readonly Step[], options: SendOptions = {}): Promise<boolean> {
  if (steps.length === 0 && !options.files) return false;
  return inTurn(() => send([...steps], options));
}

async function undo(batch?: string): Promise<boolean> {
  return inTurn(async () => {
    try {
      const reply = await client.decisions.undo(batch === undefined ? {} : { batch });
      noteRevision(reply.revision);
      if (reply.batch === null && reply.events.length === 0)
        notify({ kind: 'done', text: 'Nothing to undo' });
      else {
        const what = reply.clipIds.length === 0 ? 'file' : 'clip';
        const left =
          reply.leftAlone > 0 ? `; ${counted(reply.leftAlone, what)} changed since and left alone` : '';
        notify({
          kind: 'done',
          lead: 'undone',
          text: withArrow(reply.description) + left,
          action: { title: 'Redo', keys: keysInWords('decisions.redo'), run: () => void redo() },
        });
        showOne(reply.clipIds);
        for (const listener of takenBackListeners) listener({ how: 'undo', ids: reply.clipIds });
      }
      return reply.events.length > 0;
    } catch (error) {
      notifyError(errorDataOf(error), { title: 'Try again', run: () => void undo(batch) });
      return false;
    }
  });
}

async function redo(): Promise<boolean> {
  return inTurn(async () => {
    try {
      const reply = await client.decisions.redo();
      noteRevision(reply.revision);
      if (reply.events.length === 0) notify({ kind: 'done', text: 'Nothing to redo' });
      else {
        notify({ kind: 'done', lead: 'redone', text: withArrow(reply.description), action: sayUndo() });
        showOne(reply.clipIds);
        for (const listener of takenBackListeners) listener({ how: 'redo', ids: reply.clipIds });
      }
      return reply.events.length > 0;
    } catch (error) {
      notifyError(errorDataOf(error), { title: 'Try again', run: () => void redo() });
      return false;
    }
  });
}

/** The clip that undo or redo changed comes under the cursor, so that its effect is seen. */
function showOne(clipIds: readonly number[]): void {
  const [only] = clipIds;
  if (only === undefined || clipIds.length !== 1) return;
  const { list, moveTo } = useSelection.getState();
  const at = list.indexOf(only);
  if (at >= 0) moveTo(at);
}

type Ids = readonly number[];
const selectionOf = (ids: Ids): ClipSelection => ({ ids: [...ids] });

export const decide = {
  apply,
  applyMany,
  undo,
  redo,
  relabel: (to: string | null, ids: Ids = actionTarget(), options?: ApplyOptions) =>
    apply([{ field: 'label', to }], selectionOf(ids), options),
  review: (to: ReviewState | null, reason?: string, ids: Ids = actionTarget(), options?: ApplyOptions) =>
    apply([{ field: 'review', to, ...(reason ? { reason } : {}) }], selectionOf(ids), options),
  note: (to: string | null, ids: Ids = actionTarget(), options?: ApplyOptions) =>
    apply([{ field: 'note', to: to?.trim() ? to.trim() : null }], selectionOf(ids), options),
  transcript: (to: string | null, ids: Ids = actionTarget(), options?: ApplyOptions) =>
    apply([{ field: 'transcript', to }], selectionOf(ids), options),
  flag: (kind: FlagKind, to: FlagStatus, ids: Ids = actionTarget(), options?: ApplyOptions) =>
    apply([{ field: 'flag', kind, to }], selectionOf(ids), options),

  /** Opens the label picker and changes nothing; null when it was given up. */
  pickLabel: (ids: Ids): Promise<string | null> => ask({ kind: 'label', ids }),
  /** Opens the label picker; resolves true once a new label is on disk. */
  async askLabel(ids: Ids = actionTarget(), options?: ApplyOptions): Promise<boolean> {
    if (ids.length === 0) return false;
    const label = await ask({ kind: 'label', ids });
    return label === null ? false : decide.relabel(label, ids, options);
  },
  /** Opens the menu of reasons; resolves true once the clips are marked unusable on disk. */
  async askReason(ids: Ids = actionTarget(), options?: ApplyOptions): Promise<boolean> {
    if (ids.length === 0) return false;
    const reason = await ask({ kind: 'reason', ids });
    return reason === null ? false : decide.review('unusable', reason, ids, options);
  },
  /** Opens the note editor. What was typed stays in it until it is saved. */
  async askNote(ids: Ids = actionTarget()): Promise<boolean> {
    if (ids.length === 0) return false;
    return (await ask({ kind: 'note', ids })) === true;
  },
};
