// The kinds of flags with how many are open and how many settled. A press shows that kind.
import { type FlagKind, flagKinds, flagTitles } from '../../../shared/domain/flag.ts';
import { count } from '../../lib/format.ts';
import { shortTitles, useFlagChoice } from './doors.ts';

export interface KindCounts {
  readonly kind: FlagKind;
  readonly open: number;
  readonly accepted: number;
  readonly fixed: number;
  readonly dismissed: number;
}

const columns = ['open', 'accepted', 'fixed', 'dismissed'] as const;
const titles = {
  open: 'to be looked at',
  accepted: 'the finding is right, nothing changed yet',
  fixed: 'a decision settled it',
  dismissed: 'the finding is wrong',
} as const;

export function FlagKinds({ counts }: { readonly counts: readonly KindCounts[] }) {
  const chosen = useFlagChoice();
  const byKind = new Map(counts.map((row) => [row.kind, row]));
  const sum = (column: (typeof columns)[number]) => counts.reduce((total, row) => total + row[column], 0);
  const rows: readonly { readonly kind: FlagKind | null; readonly title: string; readonly short: string }[] =
    [
      { kind: null, title: 'All kinds', short: 'All kinds' },
      ...flagKinds.map((kind) => ({ kind, title: flagTitles[kind], short: shortTitles[kind] })),
    ];
  return (
    <table className="flag-kinds">
      <caption className="visually-hidden">Flags by kind and status</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">Kind</span>
          </th>
          {columns.map((column) => (
            <th key={column} scope="col" title={titles[column]}>
              {column === 'dismissed' ? 'dism.' : column === 'accepted' ? 'acc.' : column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ kind, title, short }) => {
          const isChosen = chosen.kind === kind;
          return (
            <tr key={title} className={isChosen ? 'is-chosen' : ''}>
              <th scope="row">
                <button
                  type="button"
                  aria-pressed={isChosen}
                  onClick={() => useFlagChoice.setState({ kind })}
                  title={title}
                >
                  {short}
                </button>
              </th>
              {columns.map((column) => {
                const n = kind === null ? sum(column) : (byKind.get(kind)?.[column] ?? 0);
                return (
                  <td key={column} className={n === 0 ? 'secondary' : ''}>
                    {n === 0 ? (
                      '·'
                    ) : (
                      <button
                        type="button"
                        className="door"
                        aria-label={`${title}: ${count(n)} ${column}`}
                        onClick={() => useFlagChoice.setState({ kind, status: column })}
                      >
                        {count(n)}
                      </button>
                    )}
                  </td>
                );
              })}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
