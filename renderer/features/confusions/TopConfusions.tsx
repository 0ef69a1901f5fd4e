// The worst confusions in words, most clips first: a door, and a button that plays them.
import { count, percent } from '../../lib/format.ts';
import { IconButton } from '../../ui/index.ts';
import type { Metrics } from '../metrics/index.ts';

type Confusion = Metrics['topConfusions'][number];

export function TopConfusions(props: {
  readonly confusions: readonly Confusion[];
  readonly onChoose: (given: string, predicted: string) => void;
  readonly onOpen: (given: string, predicted: string) => void;
  readonly onPlay: (given: string, predicted: string) => void;
}) {
  const { confusions } = props;
  return (
    <section className="confusions-top" aria-labelledby="confusions-top">
      <h2 id="confusions-top">Top confusions</h2>
      {confusions.length === 0 ? (
        <p className="secondary">None: every clip is heard as its label.</p>
      ) : (
        <ol>
          {confusions.map(({ given, predicted, count: clips, shareOfGiven }) => (
            <li key={`${given}\t${predicted}`} className="confusions-row">
              <button
                type="button"
                className="door ellipsis"
                onClick={() => props.onChoose(given, predicted)}
              >
                <bdi>{given}</bdi> <span className="secondary">heard as</span> <bdi>{predicted}</bdi>
              </button>
              <button
                type="button"
                className="door numeric"
                title={`Show the ${count(clips)} clips`}
                onClick={() => props.onOpen(given, predicted)}
              >
                {count(clips)}×
              </button>
              <span className="numeric secondary" title={`of the clips labelled ${given}`}>
                {percent(shareOfGiven)}
              </span>
              <IconButton
                icon="play"
                title={`Play ${given} heard as ${predicted}`}
                onPress={() => props.onPlay(given, predicted)}
              />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
