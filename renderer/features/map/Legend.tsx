// What the colours mean. A value is a door: a click filters by it, with Ctrl or Shift it is added to those chosen.
import { useMemo, useState } from 'react';
import { count, counted } from '../../lib/format.ts';
import { useFilter } from '../../lib/state/filter.ts';
import { colourOf, css } from '../confusions/index.ts';
import { chosenInFilter, filterByValue, valueInWords } from './colour-terms.ts';
import { type Category, type Colouring, lookOf, stepColour } from './colours.ts';
import { numberInWords } from './numbers.ts';
import { shapePath } from './scatter/shapes.ts';

/** A list longer than this is looked through in the facets, not here. */
const SHOWN = 48;

export function Swatch({ slot }: { readonly slot: number }) {
  const { colour, shape } = lookOf(slot);
  return (
    <svg className="map-swatch" viewBox="-8 -8 16 16" width="12" height="12" aria-hidden="true">
      <path
        d={shapePath(shape, 5.4)}
        fill={colour === null ? 'var(--class-rest)' : `var(--class-${colour + 1})`}
      />
    </svg>
  );
}

interface LegendProps {
  readonly by: string;
  readonly title: string;
  readonly colouring: Colouring;
  /** Clips of the filter by place in the legend; null when every clip counts. */
  readonly matched: ArrayLike<number> | null;
  readonly isDark: boolean;
  readonly isFixed: boolean;
  readonly onHighlight: (slot: number | null) => void;
}

export function Legend(props: LegendProps) {
  const { colouring, title } = props;
  return (
    <section className="map-legend" aria-labelledby="map-legend">
      <h2 id="map-legend">{title}</h2>
      {colouring.kind === 'category' ? (
        <Categories {...props} categories={colouring.categories} />
      ) : (
        <Scale colouring={colouring} by={props.by} isDark={props.isDark} />
      )}
    </section>
  );
}

function Categories(props: LegendProps & { readonly categories: readonly Category[] }) {
  const { by, categories, matched, onHighlight, isFixed } = props;
  const filter = useFilter((state) => state.text);
  const [isWhole, setIsWhole] = useState(false);
  const chosen = useMemo(() => chosenInFilter(filter, by), [filter, by]);
  const shown = isWhole ? categories : categories.slice(0, SHOWN);
  const hidden = categories.length - SHOWN;
  return (
    <>
      <ul onMouseLeave={() => onHighlight(null)}>
        {shown.map(({ value, count: clips, slot }, place) => {
          const isChosen = chosen.includes(value);
          const inFilter = matched?.[place] ?? clips;
          const words = valueInWords(by, value);
          return (
            <li key={value ?? '\u0000'}>
              <button
                type="button"
                className={`map-value${isChosen ? ' is-picked' : ''}${inFilter === 0 ? ' is-outside' : ''}`}
                aria-pressed={isChosen}
                disabled={isFixed}
                title={`${words}: ${counted(clips, 'clip')}${matched ? `, ${count(inFilter)} in the filter` : ''}. Ctrl or Shift adds to the filter.`}
                onClick={(event) =>
                  useFilter
                    .getState()
                    .set(filterByValue(filter, by, value, event.ctrlKey || event.metaKey || event.shiftKey))
                }
                onMouseEnter={() => onHighlight(slot)}
                onFocus={(event) => {
                  if (event.currentTarget.matches(':focus-visible')) onHighlight(slot);
                }}
                onBlur={() => onHighlight(null)}
              >
                <Swatch slot={slot} />
                <span className={`ellipsis${value === null ? ' secondary' : ''}`} dir="auto">
                  {words}
                </span>
                <span className="map-value-count">
                  {matched && inFilter !== clips ? (
                    <>
                      {count(inFilter)} <span className="secondary">of {count(clips)}</span>
                    </>
                  ) : (
                    count(clips)
                  )}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {hidden > 0 && (
        <button type="button" className="door secondary small" onClick={() => setIsWhole(!isWhole)}>
          {isWhole ? 'Fewer' : `${count(hidden)} more, in grey`}
        </button>
      )}
    </>
  );
}

const STOPS = 24;

function Scale(props: {
  readonly by: string;
  readonly colouring: Extract<Colouring, { kind: 'number' }>;
  readonly isDark: boolean;
}) {
  const { from, to, missing } = props.colouring;
  const stops = Array.from({ length: STOPS }, (_, at) =>
    css(stepColour(at / (STOPS - 1), props.isDark, colourOf)),
  );
  const inWords = (value: number) => numberInWords(props.by, value);
  return (
    <div className="map-scale">
      <div
        className="map-scale-bar"
        role="img"
        aria-label={`Colours from ${inWords(from)} to ${inWords(to)}`}
        style={{ backgroundImage: `linear-gradient(to right, ${stops.join(', ')})` }}
      />
      <div className="map-scale-ends small" aria-hidden="true">
        <span>{inWords(from)}</span>
        <span>{inWords((from + to) / 2)}</span>
        <span>{inWords(to)}</span>
      </div>
      {missing > 0 && (
        <p className="secondary small">
          <Swatch slot={0} /> {counted(missing, 'clip')} without a number
        </p>
      )}
    </div>
  );
}
