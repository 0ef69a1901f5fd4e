// A number of the filter's clips in bins: a drag over the bars, or the two fields below them, makes a range.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type PointerEvent, useState } from 'react';
import { Button as AriaButton, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';
import {
  chipsOf,
  fieldInfo,
  parseTerm,
  rangeCondition,
  replaceField,
  withoutField,
} from '../../../shared/filter/index.ts';
import { calls } from '../../lib/client.ts';
import { count } from '../../lib/format.ts';
import { useFilter } from '../../lib/state/filter.ts';
import { Icon } from '../../ui/index.ts';
import { grammarIsSound } from '../filter/index.ts';
import { useFacetOpen } from './use-facet-open.ts';

/** Shown as bins. */
export const histogramFields = ['durationSec', 'rmsDbfs'] as const;
type HistogramField = (typeof histogramFields)[number];

const BINS = 32;
const HEIGHT = 44;
/** Ends of the axis and the fields below the bars, kept free while the bars are counted. */
const FIELDS_HEIGHT = 51;

export function HistogramFacet({
  field,
  filter,
}: {
  readonly field: HistogramField;
  readonly filter: string;
}) {
  const [isOpen, setIsOpen] = useFacetOpen(field);
  const set = useFilter((state) => state.set);
  const info = fieldInfo(field);
  const isSound = grammarIsSound(filter);
  // Its own range does not narrow the histogram, so that the range can be moved.
  const others = isSound ? withoutField(filter, field) : '';
  const query = useQuery({
    ...calls.clips.histogram.queryOptions({ input: { filter: others, field, bins: BINS } }),
    placeholderData: keepPreviousData,
    enabled: isOpen && isSound,
  });
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const data = query.data;
  const edges = data?.edges ?? [];
  const low = edges[0] ?? 0;
  const high = edges[edges.length - 1] ?? 1;
  const most = Math.max(1, ...(data?.totals ?? []));
  const range = isSound ? rangeOf(filter, field) : null;
  const digits = field === 'durationSec' ? 2 : 0;
  const pick = (from: number | null, to: number | null) =>
    set(
      from === null && to === null
        ? others
        : replaceField(filter, field, rangeCondition(parseTerm(field), from, to)),
    );

  const binAt = (event: PointerEvent<SVGSVGElement>): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(BINS - 1, Math.floor(((event.clientX - box.left) / box.width) * BINS)));
  };
  const round = (value: number) => Number(value.toFixed(digits + 1));
  const isPicked = (bin: number): boolean => {
    if (drag) return bin >= Math.min(drag.from, drag.to) && bin <= Math.max(drag.from, drag.to);
    if (!range) return true;
    const middle = ((edges[bin] ?? 0) + (edges[bin + 1] ?? 0)) / 2;
    return middle >= (range.from ?? -Infinity) && middle < (range.to ?? Infinity);
  };
  return (
    <Disclosure className="facet" isExpanded={isOpen} onExpandedChange={setIsOpen}>
      <Heading className="facet-head" level={2}>
        <AriaButton slot="trigger" className="facet-title">
          <Icon name={isOpen ? 'down' : 'right'} size={11} />
          {info.title}
          {info.unit && <span className="secondary small">{info.unit}</span>}
          {range && <span className="facet-picked">1</span>}
        </AriaButton>
      </Heading>
      <DisclosurePanel>
        <div className="histogram" style={{ minBlockSize: HEIGHT + FIELDS_HEIGHT }}>
          {data && edges.length > 1 && (
            <>
              <svg
                viewBox={`0 0 ${BINS} ${HEIGHT}`}
                preserveAspectRatio="none"
                role="img"
                aria-label={`${info.title} from ${low.toFixed(digits)} to ${high.toFixed(digits)} ${info.unit ?? ''}`}
                onPointerDown={(event) => {
                  event.currentTarget.setPointerCapture(event.pointerId);
                  const bin = binAt(event);
                  setDrag({ from: bin, to: bin });
                }}
                onPointerMove={(event) => drag && setDrag({ ...drag, to: binAt(event) })}
                onPointerUp={() => {
                  if (!drag) return;
                  const first = Math.min(drag.from, drag.to);
                  const last = Math.max(drag.from, drag.to);
                  setDrag(null);
                  pick(
                    first === 0 ? null : round(edges[first] ?? low),
                    last === BINS - 1 ? null : round(edges[last + 1] ?? high),
                  );
                }}
                onDoubleClick={() => pick(null, null)}
              >
                {data.totals.map((total, bin) => {
                  const of = Math.sqrt(total / most) * HEIGHT;
                  const here = Math.sqrt((data.counts[bin] ?? 0) / most) * HEIGHT;
                  return (
                    <g key={edges[bin]} className={isPicked(bin) ? 'is-picked' : undefined}>
                      <rect
                        className="histogram-total"
                        x={bin + 0.08}
                        width={0.84}
                        y={HEIGHT - of}
                        height={of}
                      />
                      <rect
                        className="histogram-count"
                        x={bin + 0.08}
                        width={0.84}
                        y={HEIGHT - here}
                        height={here}
                      />
                    </g>
                  );
                })}
              </svg>
              <div className="histogram-ends secondary small">
                <span>{low.toFixed(digits)}</span>
                {data.missing > 0 && <span>{count(data.missing)} without</span>}
                <span>{high.toFixed(digits)}</span>
              </div>
              <RangeFields
                key={`${range?.from} ${range?.to}`}
                title={info.title}
                range={range}
                onPick={pick}
              />
            </>
          )}
        </div>
      </DisclosurePanel>
    </Disclosure>
  );
}

interface Range {
  readonly from: number | null;
  readonly to: number | null;
}

/** The range that the filter's chips on the field make. */
function rangeOf(filter: string, field: HistogramField): Range | null {
  const parts = filter === '' ? [] : comparisonsOf(filter, field);
  if (parts.length === 0) return null;
  let from: number | null = null;
  let to: number | null = null;
  for (const { operator, number } of parts) {
    if (operator === '>' || operator === '>=') from = number;
    if (operator === '<' || operator === '<=') to = number;
  }
  return from === null && to === null ? null : { from, to };
}

function comparisonsOf(filter: string, field: HistogramField): { operator: string; number: number }[] {
  return chipsOf(filter).flatMap(({ expression }) =>
    expression.type === 'compare' &&
    expression.term.type === 'field' &&
    expression.term.field === field &&
    expression.value.type === 'number'
      ? [{ operator: expression.operator, number: expression.value.number }]
      : [],
  );
}

function RangeFields(props: {
  readonly title: string;
  readonly range: Range | null;
  readonly onPick: (from: number | null, to: number | null) => void;
}) {
  const [from, setFrom] = useState(props.range?.from?.toString() ?? '');
  const [to, setTo] = useState(props.range?.to?.toString() ?? '');
  const number = (typed: string) =>
    typed.trim() === '' || !Number.isFinite(Number(typed)) ? null : Number(typed);
  const apply = () => {
    const isSame = number(from) === (props.range?.from ?? null) && number(to) === (props.range?.to ?? null);
    if (!isSame) props.onPick(number(from), number(to));
  };
  const field = (label: string, placeholder: string, value: string, onChange: (typed: string) => void) => (
    <input
      className="histogram-field"
      inputMode="decimal"
      aria-label={`${props.title} ${label}`}
      placeholder={placeholder}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onBlur={apply}
      onKeyDown={(event) => {
        if (event.key === 'Enter') apply();
      }}
    />
  );
  return (
    <div className="histogram-fields">
      {field('from', 'from', from, setFrom)}
      {field('to', 'to', to, setTo)}
    </div>
  );
}
