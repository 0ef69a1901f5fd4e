// Which model the dialog is about. Every way in (palette, buttons, a dropped file) sets it here.
import { create } from 'zustand';
import type { Place } from '../../../shared/contract/common.ts';
import { runCommand } from '../../lib/commands.ts';
import { notify } from '../../lib/state/notices.ts';

interface ModelFlow {
  readonly isOpen: boolean;
  /** Null while none is chosen. */
  readonly place: Place | null;
}

export const useModelFlow = create<ModelFlow>(() => ({ isOpen: false, place: null }));

export function openModel(place: Place | null): void {
  useModelFlow.setState({ isOpen: true, place });
}

export function closeModel(): void {
  useModelFlow.setState({ isOpen: false, place: null });
}

/** Files that cannot be a dataset. A plain `.json` can be one, and is taken for one. */
export function isModelFile(name: string): boolean {
  return /\.onnx$|\.earmark\.json$|^model\.json$/i.test(name);
}

/** A model dropped on the window. */
export function takeModel(place: Place): void {
  if (runCommand('models.run')) openModel(place);
  else
    notify({
      kind: 'done',
      text: 'A model runs over the clips of a project that can be changed. Open one first.',
    });
}
