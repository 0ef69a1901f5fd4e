// What an import would bring: the counts, the first clips, and every kind of problem with its line and reason.
import type { z } from 'zod';
import type { previewRow } from '../../../shared/contract/imports.ts';
import type { FileFailure } from '../../../shared/domain/dataset.ts';
import type { ErrorData } from '../../../shared/errors.ts';
import { count, counted } from '../../lib/format.ts';
import { ErrorNotice, Spinner } from '../../ui/index.ts';

type Row = z.infer<typeof previewRow>;

export interface PreviewData {
  readonly rows: readonly Row[];
  readonly problems: readonly FileFailure[];
  readonly unmatchedExamples: readonly string[];
  readonly unmatched: number;
  readonly clips: number;
  readonly labels: number;
  readonly speakers: number;
  readonly total: number;
  readonly isComplete: boolean;
}

const plainColumns = [
  { id: 'label', title: 'Label' },
  { id: 'transcript', title: 'Transcript' },
  { id: 'split', title: 'Split' },
  { id: 'speaker', title: 'Speaker' },
  { id: 'gender', title: 'Gender' },
  { id: 'age', title: 'Age' },
  { id: 'accent', title: 'Accent' },
  { id: 'locale', title: 'Locale' },
] as const;

export function Preview(props: {
  readonly data: PreviewData | undefined;
  readonly error: ErrorData | null;
  /** Why nothing is shown now. */
  readonly hint: string | null;
  readonly isPending: boolean;
  readonly isStale: boolean;
  readonly isPattern: boolean;
  readonly onRetry: () => void;
}) {
  const { data } = props;
  return (
    <section
      className={`import-preview${props.isStale ? ' is-stale' : ''}`}
      aria-label="Preview"
      aria-busy={props.isStale}
    >
      {props.error && <ErrorNotice error={props.error} onRetry={props.onRetry} />}
      {props.hint && <p className="secondary">{props.hint}</p>}
      {props.isPending && <Spinner label="Reading the first clips" />}
      {data && (
        <>
          <Counts data={data} />
          {data.rows.length > 0 && <Rows rows={data.rows} />}
          <Unmatched data={data} isPattern={props.isPattern} />
          <Problems problems={data.problems} />
        </>
      )}
    </section>
  );
}

function Counts({ data }: { readonly data: PreviewData }) {
  const least = data.isComplete ? '' : 'at least ';
  const facts = [
    data.labels > 0 ? counted(data.labels, 'label') : null,
    data.speakers > 0 ? counted(data.speakers, 'speaker') : null,
    data.total > data.clips ? `${counted(data.total, 'file or row', 'files or rows')} looked at` : null,
  ].filter((fact) => fact !== null);
  return (
    <p className="import-counts" role="status">
      <strong className={data.clips === 0 ? 'warn' : ''}>
        {least}
        {counted(data.clips, 'clip')}
      </strong>
      {facts.map((fact) => (
        <span key={fact} className="secondary">
          {fact}
        </span>
      ))}
    </p>
  );
}

function Rows({ rows }: { readonly rows: readonly Row[] }) {
  const columns = plainColumns.filter(({ id }) => rows.some((row) => row[id] !== null));
  const extras = [...new Set(rows.flatMap((row) => Object.keys(row.extra)))].slice(0, 8);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling table is reached and scrolled by keys
    <section className="import-rows" tabIndex={0} aria-label="First clips">
      <table>
        <thead>
          <tr>
            <th scope="col">Recording</th>
            {columns.map(({ id, title }) => (
              <th key={id} scope="col">
                {title}
              </th>
            ))}
            {extras.map((name) => (
              <th key={name} scope="col" className="import-extra" dir="auto">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.path}>
              <td className="mono" dir="auto">
                {row.path}
                {row.kind === 'noise' && <span className="secondary"> noise</span>}
              </td>
              {columns.map(({ id }) => (
                <td key={id} dir="auto">
                  {row[id] ?? <span className="secondary">–</span>}
                </td>
              ))}
              {extras.map((name) => (
                <td key={name} className="secondary" dir="auto">
                  {row.extra[name] ?? ''}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Unmatched({ data, isPattern }: { readonly data: PreviewData; readonly isPattern: boolean }) {
  if (data.unmatched === 0) return null;
  return (
    <section className="import-problems">
      <h2 className="warn">
        {counted(data.unmatched, 'file')} {data.unmatched === 1 ? 'does' : 'do'} not fit
        {isPattern ? ' the pattern' : ''}
      </h2>
      <ul>
        {data.unmatchedExamples.slice(0, 8).map((file) => (
          <li key={file}>
            <span className="mono" dir="auto">
              {file}
            </span>
          </li>
        ))}
      </ul>
      {data.unmatched > 8 && <p className="secondary small">and {count(data.unmatched - 8)} more</p>}
    </section>
  );
}

function Problems({ problems }: { readonly problems: readonly FileFailure[] }) {
  if (problems.length === 0) return null;
  return (
    <section className="import-problems">
      <h2 className="warn">
        {counted(problems.length, 'problem')}
        {problems.length >= 50 ? ' or more' : ''}; the rest is imported
      </h2>
      <ul>
        {problems.map((problem) => (
          <li key={`${problem.file} ${problem.line ?? ''} ${problem.code}`}>
            <span className="mono" dir="auto">
              {problem.file}
              {problem.line !== undefined && `:${problem.line}`}
            </span>
            <span className="secondary">{problem.message}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
