// The keys of decisions, wherever clips are listed. A view may put its own in front (the review does).
import { type Command, useCommands } from '../../lib/commands.ts';
import { useProject } from '../../lib/project.ts';
import { useSelection } from '../../lib/state/selection.ts';
import { decide } from './decide.ts';

const hasClip = () => useSelection.getState().cursor !== null;

export function useDecisionCommands(): void {
  const project = useProject();
  const isOpen = project !== null && !project.isReadOnly;
  const can = () => isOpen && hasClip();
  const group = 'Decide';
  const favourites: Command[] = (project?.favouriteLabels ?? []).slice(0, 9).map((label, index) => ({
    id: `decisions.favourite.${index + 1}`,
    title: `Label ${label}`,
    group,
    keys: [String(index + 1)],
    when: can,
    run: () => void decide.relabel(label),
  }));
  useCommands([
    {
      id: 'decisions.relabel',
      title: 'Relabel…',
      group,
      keys: ['R', '/'],
      when: can,
      run: () => void decide.askLabel(),
    },
    ...favourites,
    {
      id: 'decisions.unusable',
      title: 'Unusable…',
      group,
      keys: ['X'],
      when: can,
      run: () => void decide.askReason(),
    },
    {
      id: 'decisions.unclear',
      title: 'Unclear',
      group,
      keys: ['U'],
      when: can,
      run: () => void decide.review('unclear'),
    },
    {
      id: 'decisions.accept',
      title: 'Accept as it is',
      group,
      when: can,
      run: () => void decide.review('accepted'),
    },
    {
      id: 'decisions.clear',
      title: 'Take the review back',
      group,
      when: can,
      run: () => void decide.review(null),
    },
    { id: 'decisions.note', title: 'Note…', group, keys: ['N'], when: can, run: () => void decide.askNote() },
    {
      id: 'decisions.undo',
      title: 'Undo',
      group,
      keys: ['Mod+Z'],
      when: () => isOpen,
      run: () => void decide.undo(),
    },
    {
      id: 'decisions.redo',
      title: 'Redo',
      group,
      keys: ['Mod+Shift+Z', 'Mod+Y'],
      when: () => isOpen,
      run: () => void decide.redo(),
    },
  ]);
}
