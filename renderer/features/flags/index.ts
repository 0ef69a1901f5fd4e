import './flags.css';
import { useProject } from '../../lib/project.ts';
import type { ViewDefinition } from '../../lib/view.ts';
import { FlagsView } from './FlagsView.tsx';

/** Open flags, beside the view's name in the rail. */
function useOpenFlags(): number | null {
  const project = useProject();
  return project ? Object.values(project.flags).reduce((sum, { open }) => sum + open, 0) : null;
}

export const flagsView: ViewDefinition = {
  id: 'flags',
  title: 'Flags',
  icon: 'flag',
  goKey: 'F',
  Component: FlagsView,
  useBadge: useOpenFlags,
};

export { openFlagsView, openReview } from './doors.ts';
