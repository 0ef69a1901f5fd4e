// Commands of the frame itself: going to views, panels, theme, palette, cheat sheet.
import { create } from 'zustand';
import { type Command, useCommands } from '../lib/commands.ts';
import { NARROW_WINDOW, useMedia } from '../lib/media.ts';
import { useProject } from '../lib/project.ts';
import { useLayout } from '../lib/state/layout.ts';
import { goTo } from '../lib/state/route.ts';
import { views } from './views.ts';

/** Which of the frame's own dialogs is open. */
export const useFrameDialog = create<{ readonly open: 'palette' | 'cheat-sheet' | null }>(() => ({
  open: null,
}));

/** On a narrow window the inspector lies over the view, so it opens only when asked for, and that is not remembered. */
const useNarrowInspector = create<{ readonly isOpen: boolean }>(() => ({ isOpen: false }));

export function useIsInspectorOpen(): boolean {
  const isNarrow = useMedia(NARROW_WINDOW);
  const isOpenOver = useNarrowInspector((state) => state.isOpen);
  const isOpenBeside = useLayout((layout) => layout.isInspectorOpen);
  return isNarrow ? isOpenOver : isOpenBeside;
}

export function toggleInspector(): void {
  if (matchMedia(NARROW_WINDOW).matches) useNarrowInspector.setState(({ isOpen }) => ({ isOpen: !isOpen }));
  else {
    const { isInspectorOpen, change } = useLayout.getState();
    change({ isInspectorOpen: !isInspectorOpen });
  }
}

export function useAppCommands(): void {
  const hasProject = useProject() !== null;
  const { change, ...layout } = useLayout();
  const isInspectorOpen = useIsInspectorOpen();
  const go: Command[] = views
    .filter((view) => view.id !== 'welcome')
    .map((view) => ({
      id: `go.${view.id}`,
      title: `Go to ${view.title}`,
      group: 'Views',
      ...(view.goKey ? { keys: [`G ${view.goKey}`] } : {}),
      isEverywhere: true,
      when: () => hasProject || view.isWithoutProject === true,
      run: () => goTo(view.id),
    }));
  useCommands([
    ...go,
    {
      id: 'app.palette',
      title: 'Command palette',
      group: 'Studio',
      keys: ['Mod+K'],
      run: () => useFrameDialog.setState(({ open }) => ({ open: open === 'palette' ? null : 'palette' })),
      isHidden: true,
    },
    {
      id: 'app.keys',
      title: 'Keyboard shortcuts',
      group: 'Studio',
      keys: ['?', 'F1'],
      isEverywhere: true,
      run: () => useFrameDialog.setState({ open: 'cheat-sheet' }),
    },
    {
      id: 'app.inspector',
      title: isInspectorOpen ? 'Hide the inspector' : 'Show the inspector',
      group: 'Panels',
      keys: ['Mod+I'],
      run: toggleInspector,
    },
    {
      id: 'app.rail',
      title: layout.isRailNarrow ? 'Rail with words' : 'Rail with icons only',
      group: 'Panels',
      keys: ['Mod+B'],
      run: () => change({ isRailNarrow: !layout.isRailNarrow }),
    },
    {
      id: 'app.compact',
      title: layout.isCompact ? 'Rows of normal height' : 'Compact rows',
      group: 'Panels',
      run: () => change({ isCompact: !layout.isCompact }),
    },
    { id: 'app.theme.light', title: 'Light', group: 'Theme', run: () => change({ theme: 'light' }) },
    { id: 'app.theme.dark', title: 'Dark', group: 'Theme', run: () => change({ theme: 'dark' }) },
    {
      id: 'app.theme.system',
      title: 'Light or dark as the system',
      group: 'Theme',
      run: () => change({ theme: 'system' }),
    },
  ]);
}
