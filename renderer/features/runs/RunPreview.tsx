// How predictions fit the project: counts first, then what does not fit, then the first rows.
import type { Problem } from '../../../shared/contract/common.ts';
import type { PredictionsResult } from '../../../shared/contract/runs.ts';
import { count, counted, probability } from '../../lib/format.ts';

export interface RunPreviewData {
  readonly form: string;
  readonly labels: readonly string[];
  readonly unknownLabels: readonly string[];
  readonly result: PredictionsResult;
  readonly rows: readonly {
    readonly clip: string;
    readonly predicted: string | null;
    readonly confidence: number | null;
    readonly isMatched: boolean;
  }[];
}

const SHOWN_ROWS = 12;

export function RunPreview(props: { readonly data: RunPreviewData; readonly isStale: boolean }) {
  const { result, labels, unknownLabels, rows } = props.data;
  // Unknown labels are named with their list below.
  const problems = result.problems.filter(({ code }) => code !== 'predictions/unknown-labels');
  return (
    <section className={props.isStale ? 'runs-preview is-stale' : 'runs-preview'} aria-label="Preview">
      <p className="runs-counts" role="status">
        <strong className={result.matched === 0 ? 'wrong' : ''}>{count(result.matched)}</strong> of{' '}
        {counted(result.rows, 'row')} match a clip
        <span className="secondary">{counted(labels.length, 'label')}</span>
      </p>
      {result.matched === 0 && (
        <p className="secondary">
          A row is a clip’s when its path ends like the path of exactly one clip. Is this the project the
          model was run on?
        </p>
      )}
      <ul className="runs-notes">
        {result.unmatchedRows.count > 0 && (
          <Note
            title={`${counted(result.unmatchedRows.count, 'row matches', 'rows match')} no clip`}
            examples={result.unmatchedRows.examples}
          />
        )}
        {result.clipsWithout.count > 0 && (
          <Note
            title={`${counted(result.clipsWithout.count, 'clip')} without a prediction`}
            examples={result.clipsWithout.examples}
          />
        )}
        {unknownLabels.length > 0 && (
          <Note
            title={`${counted(unknownLabels.length, 'label')} of the run that no clip has`}
            examples={unknownLabels}
          />
        )}
        {problems.map((problem) => (
          <ProblemNote key={problem.code} problem={problem} />
        ))}
      </ul>
      <table className="runs-rows">
        <thead>
          <tr>
            <th scope="col">Clip</th>
            <th scope="col">Predicted</th>
            <th scope="col" className="numeric">
              Confidence
            </th>
            <th scope="col">Match</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, SHOWN_ROWS).map((row) => (
            <tr key={row.clip}>
              <td className="mono ellipsis" dir="auto">
                {row.clip}
              </td>
              <td dir="auto">{row.predicted ?? <span className="secondary">–</span>}</td>
              <td className="numeric">{probability(row.confidence)}</td>
              <td className={row.isMatched ? 'secondary' : 'warn'}>{row.isMatched ? 'clip' : 'no clip'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ProblemNote({ problem }: { readonly problem: Problem }) {
  return (
    <Note
      title={problem.count > 1 ? `${problem.message} (${count(problem.count)})` : problem.message}
      examples={problem.examples ?? []}
    />
  );
}

function Note(props: { readonly title: string; readonly examples: readonly string[] }) {
  return (
    <li>
      <span className="warn">{props.title}</span>
      {props.examples.length > 0 && (
        <span className="secondary ellipsis" title={props.examples.join('\n')}>
          <bdi>{props.examples.slice(0, 6).join(', ')}</bdi>
          {props.examples.length > 6 && ', …'}
        </span>
      )}
    </li>
  );
}
