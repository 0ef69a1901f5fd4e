// Doors: from a figure to the clips behind it. A door adds to the filter that the figure was counted over.

import type { SortKey } from '../../../shared/contract/common.ts';
import { CLIP_IDS_ROUTE } from '../../../shared/contract/routes.ts';
import { addCondition, conditionFor, confusionCondition, FilterError } from '../../../shared/filter/index.ts';
import { errorDataOf, fetchBytes } from '../../lib/client.ts';
import { useFilter } from '../../lib/state/filter.ts';
import { notify, notifyError } from '../../lib/state/notices.ts';
import { goTo } from '../../lib/state/route.ts';
import { type ClipList, useSelection } from '../../lib/state/selection.ts';
import { player } from '../player/index.ts';

/** `base AND condition`; a base that cannot be read gives the condition alone. */
export function narrowed(base: string, condition: string): string {
  try {
    return addCondition(base, condition);
  } catch (error) {
    if (error instanceof FilterError) return condition;
    throw error;
  }
}

/** Sets the filter to `base AND condition` and shows the clips. */
export function openClips(condition: string, base: string = useFilter.getState().text): void {
  useFilter.getState().set(narrowed(base, condition));
  goTo('clips');
}

/** Ids of the clips that a filter matches, in sorted order. Throws as `fetchBytes` does. */
async function clipIdsOf(filter: string, sort: SortKey | null = null): Promise<Int32Array> {
  const response = await fetchBytes(CLIP_IDS_ROUTE, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ filter, sort }),
  });
  return new Int32Array(await response.arrayBuffer());
}

/** Plays through the clips of a filter, surest prediction first, and makes them the list in front. */
export async function playThrough(filter: string, sort: SortKey | null = null): Promise<void> {
  try {
    const ids: ClipList = await clipIdsOf(filter, sort);
    if (ids.length === 0) {
      notify({ kind: 'done', text: 'No clips to play here' });
      return;
    }
    useSelection.getState().setList(ids);
    await player.playAll([...ids]);
  } catch (error) {
    notifyError(errorDataOf(error));
  }
}

/** Conditions of the clips that a figure of one class counts. `run` null = the run in use. */
export const classConditions = {
  support: (label: string) => conditionFor('label', label),
  predicted: (label: string, run: string | null) => conditionFor('predicted', label, run),
  correct: (label: string, run: string | null) =>
    `${conditionFor('label', label)} AND ${conditionFor('correct', true, run)}`,
  missed: (label: string, run: string | null) =>
    `${conditionFor('label', label)} AND ${conditionFor('correct', false, run)}`,
  falseAlarms: (label: string, run: string | null) =>
    `${conditionFor('predicted', label, run)} AND ${conditionFor('correct', false, run)}`,
};

/** The clips of one cell of the matrix, written without the run's name when it is the run in use. */
export function cellCondition(
  run: string,
  runInUse: string | null,
  given: string,
  predicted: string,
): string {
  if (run !== runInUse) return confusionCondition(run, given, predicted);
  return `${conditionFor('label', given)} AND ${conditionFor('predicted', predicted)}`;
}
