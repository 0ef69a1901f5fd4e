// The clips behind one step: as a filter that names them, or, when they are too many for that, as the selection.
import { client, errorDataOf } from '../../lib/client.ts';
import { counted } from '../../lib/format.ts';
import { useFilter } from '../../lib/state/filter.ts';
import { notify, notifyError } from '../../lib/state/notices.ts';
import { goTo } from '../../lib/state/route.ts';
import { useSelection } from '../../lib/state/selection.ts';

const PAGE = 1000;
/** More ids than this do not fit a readable filter. */
const MOST_IN_FILTER = 500;

/** Clip ids of a batch, each once, in the order they were decided. */
export async function clipsOfBatch(batch: string): Promise<number[]> {
  const ids = new Set<number>();
  let before: string | undefined;
  while (true) {
    const { events } = await client.decisions.history({
      batch,
      limit: PAGE,
      ...(before === undefined ? {} : { before }),
    });
    for (const { clipId } of events) if (clipId !== null) ids.add(clipId);
    before = events.at(-1)?.id;
    if (events.length < PAGE || before === undefined) return [...ids].reverse();
  }
}

export async function showClips(batch: string): Promise<void> {
  try {
    const ids = await clipsOfBatch(batch);
    if (ids.length === 0) {
      notify({ kind: 'done', text: 'The clips of this step are no longer in the project' });
      return;
    }
    if (ids.length <= MOST_IN_FILTER) useFilter.getState().set(`id in (${ids.join(', ')})`);
    else {
      useFilter.getState().clear();
      useSelection.getState().select(ids);
      notify({ kind: 'done', text: `${counted(ids.length, 'clip')} of this step are selected` });
    }
    goTo('clips');
  } catch (error) {
    notifyError(errorDataOf(error));
  }
}
