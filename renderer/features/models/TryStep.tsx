// Three clips through the model: what it got, what it said, and what would spoil a run, before one is started.
import type { DryRunReport } from '../../../shared/domain/model-report.ts';
import { count, counted, splitPath } from '../../lib/format.ts';
import { Button, ErrorNotice, ProgressBar } from '../../ui/index.ts';
import { shapeText } from './layouts.ts';
import type { Model } from './use-model.ts';

export function TryStep({ model }: { readonly model: Model }) {
  const { trial, isTrialStale, running, isTrusted, complete, typed } = model;
  const isPossible = isTrusted && complete !== null && typed === null && running === null;
  const report = trial?.report;
  return (
    <div className="models-step">
      <div className="models-line">
        <Button
          tone={trial === null || isTrialStale ? 'primary' : 'plain'}
          icon="play"
          isDisabled={!isPossible}
          onPress={() => void model.tryOut()}
        >
          Try on three clips
        </Button>
        <span className={isTrialStale ? 'warn' : 'secondary'} role="status">
          {running === 'try'
            ? 'The model is loaded and runs'
            : !isTrusted
              ? 'Only once you trust the file.'
              : complete === null || typed !== null
                ? 'Only once the description holds.'
                : isTrialStale
                  ? 'The description was changed since; this is what it gave before.'
                  : report
                    ? report.backend
                    : 'Shapes, scores and the embedding of three clips of this project.'}
        </span>
      </div>
      <div className="models-progress">
        {running === 'try' && <ProgressBar label="Trying" done={0} total={null} />}
      </div>
      {trial?.error && <ErrorNotice error={trial.error} />}
      {report && <Report report={report} isStale={isTrialStale || running === 'try'} />}
    </div>
  );
}

function Report({ report, isStale }: { readonly report: DryRunReport; readonly isStale: boolean }) {
  const gives = [
    report.labels === null ? null : counted(report.labels.length, 'label'),
    report.dimensions === null ? null : `${count(report.dimensions)} numbers of an embedding`,
  ].filter((part) => part !== null);
  const isSaid = (problem: string) => report.problems.some(({ message }) => message === problem);
  return (
    <section className={`models-report${isStale ? ' is-stale' : ''}`} aria-label="What three clips gave">
      {report.problems.length > 0 ? (
        <ul className="models-problems" aria-label="What would spoil a run">
          {report.problems.map(({ code, message }) => (
            <li key={`${code} ${message}`} className="wrong">
              {message}
            </li>
          ))}
        </ul>
      ) : (
        <p>
          <span className="right">Nothing to object to.</span>{' '}
          <span className="secondary">A clip gets {gives.join(' and ')}.</span>
        </p>
      )}
      <ul className="models-clips">
        {report.clips.map((clip) => (
          <li key={clip.path}>
            <h3 className="mono ellipsis" title={clip.path}>
              <bdi>{splitPath(clip.path).name}</bdi>
            </h3>
            {clip.shape.length > 0 && (
              <p className="secondary">
                {counted(clip.windows, 'window')} of {shapeText(clip.shape)}
              </p>
            )}
            {clip.problem !== null && (
              <p className="warn">{isSaid(clip.problem) ? 'No result, as said above.' : clip.problem}</p>
            )}
            {clip.top.length > 0 && (
              <ol aria-label="Best labels">
                {clip.top.map(({ label, score }) => (
                  <li key={label}>
                    <bdi>{label}</bdi> <span className="numeric">{score.toFixed(3)}</span>
                  </li>
                ))}
              </ol>
            )}
            {clip.embedding.length > 0 && (
              <p className="secondary small">
                Embedding {clip.embedding.map((value) => value.toPrecision(3)).join('  ')} …
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
