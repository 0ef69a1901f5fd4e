// How the matrix is shown. Remembered on this machine.
import { create } from 'zustand';
import { remember, remembered } from '../../lib/storage.ts';
import type { MatrixOrder } from '../metrics/index.ts';
import { type MatrixMode, matrixModes } from './matrix-model.ts';

const orders: readonly MatrixOrder[] = ['name', 'support', 'error', 'similarity'];

interface ViewSettings {
  readonly mode: MatrixMode;
  readonly order: MatrixOrder;
  readonly zoom: number | 'fit';
}

const saved = remembered<Partial<ViewSettings>>(
  'confusions',
  {},
  (value) => typeof value === 'object' && value !== null,
);

export const useViewSettings = create<ViewSettings>(() => ({
  mode: matrixModes.find((mode) => mode === saved.mode) ?? 'counts',
  order: orders.find((order) => order === saved.order) ?? 'name',
  zoom: 'fit',
}));

export function changeViewSettings(part: Partial<ViewSettings>): void {
  useViewSettings.setState(part);
  const { mode, order } = useViewSettings.getState();
  remember('confusions', { mode, order });
}
