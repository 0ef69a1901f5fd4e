// What is said about the clip: label and proposal, why, what the runs hear, its history, and what was done last.
import type { ClipDetail } from '../../../shared/contract/clips.ts';
import { flagTitles } from '../../../shared/domain/flag.ts';
import { keysInWords } from '../../lib/commands.ts';
import { probability, when } from '../../lib/format.ts';
import { Bar, Button, Icon } from '../../ui/index.ts';
import { decide, EventWords, leadOf, reasonTitles } from '../decisions/index.ts';
import type { Proposal } from './proposal.ts';
import { useSaving } from './saving.ts';
import { useLastDone } from './use-last-done.ts';

const MOST_LABELS = 5;

export function Findings(props: {
  readonly detail: ClipDetail | undefined;
  readonly proposal: Proposal | null;
  readonly runInUse: string | null;
}) {
  const { detail, proposal, runInUse } = props;
  const row = detail?.row;
  const byId = new Map((detail?.history ?? []).map((event) => [event.id, event]));
  const open = detail?.flags.filter((flag) => flag.status === 'open') ?? [];
  const predictions = [...(detail?.predictions ?? [])].sort(
    (a, b) => Number(b.run === runInUse) - Number(a.run === runInUse),
  );
  return (
    <aside className="review-findings" aria-label="What is said about the clip">
      <dl className="review-label">
        <div>
          <dt>label</dt>
          <dd dir="auto">{row ? (row.label ?? 'none') : '\u00a0'}</dd>
        </div>
        {proposal && (
          <>
            <Icon name="right" />
            <div>
              <dt>{proposal.by === 'flag' ? 'proposed' : 'predicted'}</dt>
              <dd className={proposal.by === 'flag' ? 'review-proposed' : ''} dir="auto">
                {proposal.label}
              </dd>
            </div>
          </>
        )}
      </dl>
      {row && (row.review !== null || row.note !== null || row.label !== row.originalLabel) && (
        <div className="review-block">
          {row.review && (
            <p>
              <span className="secondary">reviewed</span> {row.review}
              {row.reviewReason && `: ${reasonWords(row.reviewReason)}`}
            </p>
          )}
          {row.note && (
            <p dir="auto">
              <span className="secondary">note</span> {row.note}
            </p>
          )}
        </div>
      )}
      {open.length > 0 && (
        <section className="review-block">
          <h3>Why</h3>
          <ul>
            {open.map((flag) => (
              <li key={flag.id}>
                <span className="warn">{flagTitles[flag.kind]}</span> <span>{flag.reason}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {predictions.slice(0, 3).map((prediction) => (
        <section key={prediction.run} className="review-block">
          <h3>
            <bdi>{prediction.run}</bdi> hears
          </h3>
          <Heard prediction={prediction} label={row?.label ?? null} />
        </section>
      ))}
      {detail && (
        <section className="review-block">
          <h3>History</h3>
          <ol className="review-history">
            {toldEvents(detail).map((event) => (
              <li key={event.id}>
                <EventWords event={event} lead={leadOf(event, byId)} />
                <span className="secondary small">
                  {event.by}, {when(event.at)}
                </span>
              </li>
            ))}
            <li>
              <span>
                imported as <bdi>{detail.row.originalLabel ?? 'no label'}</bdi>
              </span>
              <span className="secondary small">{when(detail.importedAt)}</span>
            </li>
          </ol>
        </section>
      )}
      <LastDone />
    </aside>
  );
}

/** Newest first. Flags that were settled by a decision on the label or the clip are not told beside it. */
function toldEvents({ history }: ClipDetail): ClipDetail['history'] {
  const decided = new Set(history.filter((event) => event.field !== 'flag').map((event) => event.batch));
  return history
    .filter((event) => event.field !== 'flag' || !decided.has(event.batch))
    .sort((a, b) => (a.id < b.id ? 1 : -1));
}

function reasonWords(reason: string): string {
  const titles: Readonly<Record<string, string>> = reasonTitles;
  return titles[reason] ?? reason;
}

function Heard(props: {
  readonly prediction: ClipDetail['predictions'][number];
  readonly label: string | null;
}) {
  const { prediction, label } = props;
  if (prediction.top.length === 0) {
    return (
      <p>
        <bdi>{prediction.predicted ?? prediction.hypothesis ?? 'nothing'}</bdi>{' '}
        {prediction.confidence !== null && (
          <span className="secondary">{probability(prediction.confidence)}</span>
        )}
      </p>
    );
  }
  const top = prediction.top.slice(0, MOST_LABELS);
  const given = prediction.givenProbability;
  const isGivenShown = label === null || given === null || top.some((entry) => entry.label === label);
  const shown = isGivenShown ? top : [...top.slice(0, MOST_LABELS - 1), { label, probability: given }];
  return (
    <ul className="review-heard">
      {shown.map((entry) => (
        <li key={entry.label}>
          <span className="ellipsis" dir="auto">
            {entry.label}
            {entry.label === label && <span className="secondary small"> label</span>}
          </span>
          <Bar share={entry.probability} tone={entry.label === label ? 'accent' : 'plain'} />
          <span className="numeric">{probability(entry.probability)}</span>
        </li>
      ))}
    </ul>
  );
}

/** Said after the engine's reply only; stays until the next decision. What is still on its way is seen, not spoken. */
function LastDone() {
  const last = useLastDone();
  const saving = useSaving(({ words }) => words);
  return (
    <p className="review-last" role="status">
      {saving !== null && (
        <span className="secondary" aria-hidden="true">
          saving <bdi className="review-last-text">{saving}</bdi>
        </span>
      )}
      {saving === null && last && (
        <>
          <span className="right">{last.lead}</span> <bdi className="review-last-text">{last.text}</bdi>
          {last.lead !== 'undone' ? (
            <Button
              isSmall
              tone="quiet"
              keys={keysInWords('decisions.undo')}
              onPress={() => void decide.undo()}
            >
              Undo
            </Button>
          ) : (
            <Button
              isSmall
              tone="quiet"
              keys={keysInWords('decisions.redo')}
              onPress={() => void decide.redo()}
            >
              Redo
            </Button>
          )}
        </>
      )}
    </p>
  );
}
