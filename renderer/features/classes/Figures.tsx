// The overall figures of a run, each with what it means and, where there is one, its interval.
import { MISSING, percent, percentInterval } from '../../lib/format.ts';
import type { Metrics } from '../metrics/index.ts';

interface Figure {
  readonly title: string;
  readonly value: string;
  readonly interval?: string;
  readonly note: string;
}

const four = (value: number | null): string => (value === null ? MISSING : value.toFixed(4));

function figuresOf(metrics: Metrics): readonly Figure[] {
  return [
    {
      title: 'accuracy',
      value: percent(metrics.accuracy),
      interval: percentInterval(metrics.accuracyInterval),
      note: 'Share of clips heard as their label; Wilson 95% interval',
    },
    {
      title: 'balanced accuracy',
      value: percent(metrics.balancedAccuracy),
      note: 'Mean recall of the labels that have clips',
    },
    {
      title: 'macro F1',
      value: percent(metrics.macroF1),
      interval: percentInterval(metrics.macroF1Interval),
      note: 'Mean F1 of the labels; bootstrap 95% interval',
    },
    {
      title: 'weighted F1',
      value: percent(metrics.weightedF1),
      note: 'Mean F1, weighted by clips per label',
    },
    { title: 'kappa', value: four(metrics.kappa), note: "Cohen's kappa: agreement beyond chance" },
    { title: 'MCC', value: four(metrics.mcc), note: 'Matthews correlation of label and prediction' },
    {
      title: 'log loss',
      value: four(metrics.logLoss),
      note: 'Mean negative log probability of the label; needs probabilities',
    },
    {
      title: 'ECE',
      value: percent(metrics.ece),
      note: 'Expected calibration error: mean distance of confidence and accuracy; needs probabilities',
    },
  ];
}

export function Figures({ metrics }: { readonly metrics: Metrics }) {
  return (
    <dl className="classes-figures">
      {figuresOf(metrics).map(({ title, value, interval, note }) => (
        <div key={title} title={note}>
          <dt className="secondary">{title}</dt>
          <dd>
            <strong>{value}</strong>
            {interval && <span className="secondary small">{interval}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
