// Which of the project's dialogs is open.
import { create } from 'zustand';

export const useProjectDialog = create<{ readonly open: 'name' | 'check' | null }>(() => ({ open: null }));
