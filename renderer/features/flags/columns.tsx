// The columns of the flags table.
import { type FlagRow, flagTitles } from '../../../shared/domain/flag.ts';
import { probability, splitPath } from '../../lib/format.ts';
import type { GridColumn } from '../../ui/index.ts';
import { shortTitles } from './doors.ts';

type FlagColumn = GridColumn<FlagRow>;

const statusTones = { open: '', accepted: 'warn', fixed: 'right', dismissed: 'secondary' } as const;

const kind: FlagColumn = {
  id: 'kind',
  title: 'Kind',
  width: 124,
  cell: (flag) => (
    <span className="ellipsis" title={flagTitles[flag.kind]}>
      {shortTitles[flag.kind]}
    </span>
  ),
  text: (flag) => flag.kind,
};

const columns: readonly FlagColumn[] = [
  {
    id: 'path',
    title: 'Clip',
    width: 104,
    isFlexible: true,
    cell: (flag) => {
      const { folder, name } = splitPath(flag.path);
      return (
        <bdi className="ellipsis" title={flag.path}>
          <span className="secondary">{folder}</span>
          {name}
        </bdi>
      );
    },
    text: (flag) => flag.path,
  },
  {
    id: 'label',
    title: 'Label → new',
    width: 112,
    cell: (flag) => (
      <span className="ellipsis">
        <bdi>{flag.label ?? '–'}</bdi>
        {flag.proposed !== null && flag.proposed !== flag.label && (
          <>
            {' '}
            <span className="secondary">→</span> <bdi className="flag-proposed">{flag.proposed}</bdi>
          </>
        )}
      </span>
    ),
    text: (flag) => `${flag.label ?? ''}\u2192${flag.proposed ?? ''}`,
  },
  {
    id: 'score',
    title: 'Score',
    width: 56,
    align: 'end',
    cell: (flag) => <span title="0 to 1; low = bad">{probability(flag.score)}</span>,
    text: (flag) => String(flag.score),
  },
  {
    id: 'reason',
    title: 'Why',
    width: 100,
    isFlexible: true,
    cell: (flag) => (
      <span className="ellipsis secondary" dir="auto" title={flag.reason}>
        {flag.reason}
      </span>
    ),
    text: (flag) => flag.reason,
  },
];

const status: FlagColumn = {
  id: 'status',
  title: 'Status',
  width: 80,
  cell: (flag) => <span className={statusTones[flag.status]}>{flag.status}</span>,
  text: (flag) => flag.status,
};

/** Kind and status are shown where they differ from row to row. */
export function columnsOf(hasKind: boolean, hasStatus: boolean): readonly FlagColumn[] {
  return [...(hasKind ? [kind] : []), ...columns, ...(hasStatus ? [status] : [])];
}
