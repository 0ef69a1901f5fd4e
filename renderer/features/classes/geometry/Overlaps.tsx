// The classes that overlap, in words, most first; each is a door to the clips of both.
import type { StudioClient } from '../../../../shared/contract/index.ts';
import { percent } from '../../../lib/format.ts';
import { openLabels } from './doors.ts';

export type Geometry = Awaited<ReturnType<StudioClient['embeddings']['geometry']>>;

export function Overlaps({ overlaps }: { readonly overlaps: Geometry['overlaps'] }) {
  return (
    <section className="geometry-overlaps" aria-labelledby="geometry-overlaps">
      <h2 id="geometry-overlaps">Classes that overlap</h2>
      {overlaps.length === 0 ? (
        <p className="secondary">
          No two classes mingle: the nearest clips of nearly every clip say the same.
        </p>
      ) : (
        <ol>
          {overlaps.map(({ a, b, share, sentence }) => (
            <li key={JSON.stringify([a, b])}>
              <button
                type="button"
                className="door"
                title={`Show the clips of ${a} and ${b}`}
                onClick={() => openLabels(a, b)}
              >
                <bdi>{a}</bdi> <span className="secondary">and</span> <bdi>{b}</bdi>
              </button>
              <span className="numeric">{percent(share)}</span>
              <span className="secondary small">{sentence}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
