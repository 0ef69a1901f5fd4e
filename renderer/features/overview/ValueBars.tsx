// The values of a field by frequency, as bars with their counts; of all clips a lighter bar behind. Each is a door.
import { useState } from 'react';
import { count } from '../../lib/format.ts';
import { Bar } from '../../ui/index.ts';

export interface ValueCount {
  readonly value: string | null;
  readonly count: number;
  /** Of all clips; absent = not known. */
  readonly total?: number;
}

export function ValueBars(props: {
  readonly title: string;
  readonly values: readonly ValueCount[];
  /** Shown before "show all". */
  readonly shown: number;
  /** What null is called. */
  readonly none: string;
  readonly onOpen: (value: string | null) => void;
  /** Beside the title: the number of values. */
  readonly note?: string;
}) {
  const { title, values, shown, none, onOpen } = props;
  const [isWhole, setIsWhole] = useState(false);
  const largest = Math.max(1, ...values.map(({ count: n, total }) => Math.max(n, total ?? 0)));
  const rows = isWhole ? values : values.slice(0, shown);
  const rest = values.length - rows.length;
  return (
    <section className="value-bars">
      <header className="overview-title">
        <h2>{title}</h2>
        {props.note && <span className="secondary">{props.note}</span>}
      </header>
      <ul>
        {rows.map(({ value, count: n, total }) => (
          <li key={value ?? '\u0000'}>
            <button type="button" className="value-bar" onClick={() => onOpen(value)}>
              <bdi className={`ellipsis${value === null ? ' secondary' : ''}`} title={value ?? none}>
                {value ?? none}
              </bdi>
              <Bar share={n / largest} {...(total === undefined ? {} : { ofShare: total / largest })} />
              <span className="numeric value-count">{count(n)}</span>
            </button>
          </li>
        ))}
      </ul>
      {(rest > 0 || isWhole) && values.length > shown && (
        <button type="button" className="door secondary" onClick={() => setIsWhole(!isWhole)}>
          {isWhole ? `Only the first ${shown}` : `${count(rest)} more`}
        </button>
      )}
    </section>
  );
}
