// The left rail: the project's name and the views.
import { keysInWords } from '../lib/commands.ts';
import { count } from '../lib/format.ts';
import { useMedia } from '../lib/media.ts';
import { useProject } from '../lib/project.ts';
import { useLayout } from '../lib/state/layout.ts';
import type { ViewDefinition } from '../lib/view.ts';
import { Icon, IconButton } from '../ui/index.ts';
import { useFrameDialog } from './app-commands.ts';
import { views } from './views.ts';

export function Rail({ view: current }: { readonly view: string }) {
  const project = useProject();
  const { isRailNarrow, theme, change } = useLayout();
  const isNarrow = useMedia('(max-width: 1000px)') || isRailNarrow;
  const nextTheme = theme === 'system' ? 'dark' : theme === 'dark' ? 'light' : 'system';
  return (
    <nav className={`rail${isNarrow ? ' rail-narrow' : ''}`} aria-label="Views">
      <div className="rail-project">
        <span className="rail-name ellipsis" dir="auto" title={project?.name}>
          {project?.name}
        </span>
        <IconButton
          icon="rail"
          title={isRailNarrow ? 'Rail with words' : 'Rail with icons only'}
          keys={keysInWords('app.rail')}
          onPress={() => change({ isRailNarrow: !isRailNarrow })}
        />
      </div>
      <ul className="rail-views">
        {views
          .filter((view) => !view.isWithoutProject && !view.isHidden)
          .map((view) => (
            <li key={view.id}>
              <RailItem view={view} isCurrent={view.id === current} isNarrow={isNarrow} />
            </li>
          ))}
      </ul>
      <div className="rail-foot">
        <IconButton icon="theme" title={`Theme: ${theme}`} onPress={() => change({ theme: nextTheme })} />
        <IconButton
          icon="keyboard"
          title="Keyboard shortcuts"
          keys={keysInWords('app.keys')}
          onPress={() => useFrameDialog.setState({ open: 'cheat-sheet' })}
        />
        <IconButton
          icon="search"
          title="Command palette"
          keys={keysInWords('app.palette')}
          onPress={() => useFrameDialog.setState({ open: 'palette' })}
        />
      </div>
    </nav>
  );
}

const noBadge = () => null;

function RailItem(props: {
  readonly view: ViewDefinition;
  readonly isCurrent: boolean;
  /** Icons only: the word is spoken. */
  readonly isNarrow: boolean;
}) {
  const { view, isCurrent, isNarrow } = props;
  const badge = (view.useBadge ?? noBadge)();
  const keys = keysInWords(`go.${view.id}`);
  return (
    <a
      className="rail-item"
      href={`#/${view.id}`}
      aria-current={isCurrent ? 'page' : undefined}
      aria-label={isNarrow ? view.title : undefined}
      title={keys ? `${view.title}   ${keys}` : view.title}
    >
      <Icon name={view.icon} />
      <span className="rail-word">{view.title}</span>{' '}
      {badge !== null && badge > 0 && <span className="rail-badge">{count(badge)}</span>}
    </a>
  );
}
