// The commands that the desktop's native menu offers. The renderer registers what they do under the same ids
// (renderer/lib/commands.ts); an id that no view has registered does nothing.

export interface MenuCommand {
  readonly id: string;
  readonly title: string;
  /** In the renderer's words: `Mod+K` (Mod = Ctrl, on a Mac Cmd). Shown by the menu, handled by the page. */
  readonly keys?: string;
}

export type MenuEntry = MenuCommand | 'separator';

export const fileCommands: readonly MenuEntry[] = [
  { id: 'dataset.import', title: 'Import a Dataset...' },
  { id: 'runs.import', title: 'Import Predictions...' },
  { id: 'go.export', title: 'Export...' },
  { id: 'project.close', title: 'Close Project' },
];

export const undoCommand: MenuCommand = { id: 'decisions.undo', title: 'Undo', keys: 'Mod+Z' };
export const redoCommand: MenuCommand = { id: 'decisions.redo', title: 'Redo', keys: 'Mod+Shift+Z' };

export const viewCommands: readonly MenuEntry[] = [
  { id: 'app.palette', title: 'Command Palette', keys: 'Mod+K' },
  'separator',
  { id: 'go.overview', title: 'Overview' },
  { id: 'go.clips', title: 'Clips' },
  { id: 'go.flags', title: 'Flags' },
  { id: 'go.review', title: 'Review' },
  { id: 'go.confusions', title: 'Confusions' },
  { id: 'go.classes', title: 'Classes' },
  { id: 'go.few-shot', title: 'Few-shot Keyword' },
  { id: 'go.history', title: 'History' },
  'separator',
  { id: 'app.inspector', title: 'Inspector', keys: 'Mod+I' },
  { id: 'app.rail', title: 'Narrow Rail', keys: 'Mod+B' },
  { id: 'app.compact', title: 'Compact Rows' },
  'separator',
  { id: 'app.theme.light', title: 'Light' },
  { id: 'app.theme.dark', title: 'Dark' },
  { id: 'app.theme.system', title: 'As the System' },
];

export const helpCommands: readonly MenuEntry[] = [
  { id: 'app.keys', title: 'Keyboard Shortcuts', keys: 'F1' },
];
