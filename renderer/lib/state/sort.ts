// How the clips table is sorted; null = the order of import.
import { create } from 'zustand';
import type { SortKey } from '../../../shared/contract/common.ts';

export const useSort = create<{
  readonly sort: SortKey | null;
  set(sort: SortKey | null): void;
}>((set) => ({ sort: null, set: (sort) => set({ sort }) }));
