// Which dataset the import view is about. Every way in (buttons, menu, a dropped folder) sets it here.
import { create } from 'zustand';
import type { Place } from '../../../shared/contract/common.ts';
import { errorDataOf } from '../../lib/client.ts';
import { host } from '../../lib/host.ts';
import { notifyError } from '../../lib/state/notices.ts';
import { goTo } from '../../lib/state/route.ts';

export const useImportPlace = create<{ readonly place: Place | null }>(() => ({ place: null }));

/** Shows what an import of this folder or manifest would bring. */
export function openImport(place: Place): void {
  useImportPlace.setState({ place });
  goTo('import');
}

async function choose(chosen: Promise<Place | null>): Promise<void> {
  try {
    const place = await chosen;
    if (place) openImport(place);
  } catch (error) {
    notifyError(errorDataOf(error));
  }
}

export const chooseDatasetFolder = (): Promise<void> => choose(host.chooseFolder());
export const chooseDatasetFile = (): Promise<void> => choose(host.chooseFile(['table']));
