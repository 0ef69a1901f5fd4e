// A histogram of the filter's clips, all clips in grey behind it. Each bar is a door; arrow keys walk along the bars.

import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { counted } from '../../lib/format.ts';

const HEIGHT = 64;

export interface HistogramProps {
  readonly title: string;
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly totals: readonly number[];
  /** An edge in words, with its unit. */
  readonly inWords: (value: number) => string;
  readonly onOpen: (from: number, to: number, isLast: boolean) => void;
  /** Clips that are not drawn, such as `3 clips without a level`. */
  readonly footnote?: ReactNode;
}

/** Bars of few clips beside bars of thousands stay visible: at least one pixel. */
function barHeight(n: number, largest: number): number {
  return n === 0 ? 0 : Math.max(1, Math.round((n / largest) * HEIGHT));
}

export function Histogram(props: HistogramProps) {
  const { title, edges, counts, totals, inWords } = props;
  const [at, setAt] = useState(0);
  const bars = useRef<HTMLDivElement>(null);
  const largest = Math.max(1, ...totals);
  const last = counts.length - 1;
  const current = Math.min(at, last);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -last, End: last }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(last, current + step));
    setAt(next);
    bars.current?.querySelectorAll('button')[next]?.focus();
  };

  return (
    <figure className="overview-histogram">
      <figcaption className="overview-title">
        <h2>{title}</h2>
      </figcaption>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms */}
      <div
        className="overview-histogram-bars"
        role="group"
        aria-label={title}
        ref={bars}
        onKeyDown={onKeyDown}
      >
        {counts.map((n, index) => {
          const words = `${inWords(edges[index] ?? 0)} to ${inWords(edges[index + 1] ?? 0)}: ${counted(n, 'clip')}`;
          return (
            <button
              key={edges[index]}
              type="button"
              tabIndex={index === current ? 0 : -1}
              aria-label={words}
              title={words}
              onFocus={() => setAt(index)}
              onClick={() => props.onOpen(edges[index] ?? 0, edges[index + 1] ?? 0, index === last)}
            >
              <span
                className="overview-histogram-all"
                style={{ blockSize: barHeight(totals[index] ?? 0, largest) }}
              />
              <span className="overview-histogram-bar" style={{ blockSize: barHeight(n, largest) }} />
            </button>
          );
        })}
      </div>
      <div className="overview-histogram-axis secondary small" aria-hidden="true">
        <span>{inWords(edges[0] ?? 0)}</span>
        <span>{inWords(((edges[0] ?? 0) + (edges.at(-1) ?? 0)) / 2)}</span>
        <span>{inWords(edges.at(-1) ?? 0)}</span>
      </div>
      <p className="secondary small overview-histogram-foot">{props.footnote}</p>
    </figure>
  );
}
