// The reliability diagram: of the clips predicted with a confidence, how many were right. Each bin is a door.
import { parseTerm, rangeCondition } from '../../../shared/filter/index.ts';
import { count, percent, probability } from '../../lib/format.ts';
import { type Metrics, openClips } from '../metrics/index.ts';

type Bin = Metrics['reliability'][number];

const SIZE = 200;
const BARS = 32;

function binInWords(bin: Bin): string {
  const range = `Confidence ${probability(bin.from)} to ${probability(bin.to)}`;
  return bin.n === 0
    ? `${range}: no clips`
    : `${range}: ${percent(bin.accuracy)} right, mean confidence ${percent(bin.confidence)}, n=${count(bin.n)}`;
}

/** The field with the run's name, when another run than the one in use is meant. */
function confidenceTerm(run: string | null) {
  return parseTerm(
    run === null ? 'confidence' : `confidence("${run.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}")`,
  );
}

export function Reliability(props: {
  readonly bins: readonly Bin[];
  readonly run: string | null;
  readonly ece: number | null;
}) {
  const { bins, run } = props;
  const largest = Math.max(1, ...bins.map(({ n }) => n));
  const y = (share: number) => SIZE - share * SIZE;
  const open = (bin: Bin) => {
    const isLast = bin.to >= 1;
    openClips(rangeCondition(confidenceTerm(run), bin.from > 0 ? bin.from : null, isLast ? null : bin.to));
  };
  return (
    <figure className="reliability">
      <figcaption>
        <h2>Reliability</h2>
        <span className="secondary small">
          {props.ece === null ? 'right against confidence' : `ECE ${percent(props.ece)}`}
        </span>
      </figcaption>
      <div className="reliability-picture">
        <svg viewBox={`-26 -6 ${SIZE + 32} ${SIZE + BARS + 36}`} aria-hidden="true">
          {[0, 0.25, 0.5, 0.75, 1].map((share) => (
            <g key={share}>
              <line className="reliability-grid" x1={0} x2={SIZE} y1={y(share)} y2={y(share)} />
              <text className="reliability-tick" x={-4} y={y(share) + 3} textAnchor="end">
                {share * 100}
              </text>
              <text className="reliability-tick" x={share * SIZE} y={SIZE + BARS + 16} textAnchor="middle">
                {share}
              </text>
            </g>
          ))}
          <line className="reliability-diagonal" x1={0} y1={SIZE} x2={SIZE} y2={0} />
          {bins.map((bin) => {
            const x = bin.from * SIZE;
            const width = (bin.to - bin.from) * SIZE - 1;
            return (
              <g key={bin.from}>
                {bin.accuracy !== null && (
                  <rect
                    className="reliability-bar"
                    x={x}
                    y={y(bin.accuracy)}
                    width={width}
                    height={bin.accuracy * SIZE}
                  />
                )}
                {bin.accuracy !== null && bin.confidence !== null && (
                  <circle
                    className="reliability-dot"
                    cx={bin.confidence * SIZE}
                    cy={y(bin.accuracy)}
                    r={2.5}
                  />
                )}
                <rect
                  className="reliability-count"
                  x={x}
                  y={SIZE + 3}
                  width={width}
                  height={(bin.n / largest) * BARS}
                />
              </g>
            );
          })}
          <line className="reliability-axis" x1={0} x2={SIZE} y1={SIZE} y2={SIZE} />
        </svg>
        <div className="reliability-doors">
          {bins.map((bin) => (
            <button
              key={bin.from}
              type="button"
              disabled={bin.n === 0}
              title={binInWords(bin)}
              aria-label={binInWords(bin)}
              onClick={() => open(bin)}
            />
          ))}
        </div>
      </div>
      <p className="secondary small">
        % right over confidence; below, clips per bin; dots at the mean confidence.
      </p>
    </figure>
  );
}
