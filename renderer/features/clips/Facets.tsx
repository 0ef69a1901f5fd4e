// Facets: the values of a field among the filter's clips, with counts. A click adds the value to the filter or takes
// it out again; a drag over a histogram (or its two fields) makes a range.
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { memo, type PointerEvent, useState } from 'react';
import { Button as AriaButton, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';
import { type FlagKind, flagTitles } from '../../../shared/domain/flag.ts';
import {
  chipsOf,
  chosenValues,
  type FieldName,
  fieldInfo,
  parseTerm,
  rangeCondition,
  replaceField,
  toggleValue,
  withoutField,
} from '../../../shared/filter/index.ts';
import { calls, errorDataOf } from '../../lib/client.ts';
import { count } from '../../lib/format.ts';
import { useProject } from '../../lib/project.ts';
import { useFilter } from '../../lib/state/filter.ts';
import { remember, remembered } from '../../lib/storage.ts';
import { Bar, Icon } from '../../ui/index.ts';
import { grammarIsSound } from '../filter/index.ts';

const SHOWN = 8;
const MOST = 200;

const valueFields: readonly FieldName[] = [
  'label',
  'flag',
  'review',
  'predicted',
  'correct',
  'split',
  'speaker',
  'gender',
  'accent',
  'age',
  'locale',
  'dataset',
  'kind',
  'container',
  'sampleRate',
];
const openAtFirst: ReadonlySet<string> = new Set([
  'label',
  'flag',
  'review',
  'split',
  'durationSec',
  'rmsDbfs',
]);
const histogramFields = ['durationSec', 'rmsDbfs'] as const;
type HistogramField = (typeof histogramFields)[number];

function useIsOpen(field: string): [boolean, (isOpen: boolean) => void] {
  const [isOpen, setIsOpen] = useState(() => remembered(`facet.${field}`, openAtFirst.has(field)));
  return [
    isOpen,
    (next) => {
      setIsOpen(next);
      remember(`facet.${field}`, next);
    },
  ];
}

/** Drawn again with its own answers only: the table beside it is drawn at every step of scrolling. */
export const Facets = memo(function Facets() {
  const filter = useFilter((state) => state.text);
  const project = useProject();
  const hasRun = project?.runInUse !== null;
  const fields = valueFields.filter((field) => hasRun || (field !== 'predicted' && field !== 'correct'));
  const isSound = grammarIsSound(filter);
  const picked = fields.filter((field) => chosen(filter, field).length > 0);
  const others = fields.filter((field) => !picked.includes(field));
  const ask = (text: string, asked: readonly FieldName[]) => ({
    ...calls.clips.facets.queryOptions({ input: { filter: text, fields: [...asked], limit: MOST } }),
    placeholderData: keepPreviousData,
    enabled: isSound && asked.length > 0,
  });
  // A field's own values do not narrow it, so that a second value can be added to the first.
  const replies = useQueries({
    queries: [
      ask(filter, others),
      ...picked.map((field) => ask(isSound ? withoutField(filter, field) : '', [field])),
    ],
  });
  // What stands above comes first, so that nothing is pushed down when it arrives.
  const isFirst = replies[0]?.isLoading === true && replies[0].data === undefined;
  const error = replies.find((reply) => reply.error && !reply.data)?.error;
  const told = replies
    .flatMap((reply) => reply.data ?? [])
    // A field of which all clips have the same value says nothing.
    .filter((facet) => {
      const isAlways = facet.field === 'label' || facet.field === 'flag' || facet.field === 'review';
      return isAlways || facet.values.length > 1 || picked.includes(facet.field as FieldName);
    })
    .sort((a, b) => valueFields.indexOf(a.field as FieldName) - valueFields.indexOf(b.field as FieldName));
  return (
    <div className="facets">
      {error && <p className="wrong small facets-error">{errorDataOf(error).message}</p>}
      {told.map((facet) => (
        <ValueFacet
          key={facet.field}
          field={facet.field as FieldName}
          values={facet.values}
          distinct={facet.distinct}
          filter={filter}
        />
      ))}
      {!isFirst &&
        histogramFields.map((field) => <HistogramFacet key={field} field={field} filter={filter} />)}
    </div>
  );
});

function chosen(filter: string, field: string): readonly (string | number | boolean | null)[] {
  return grammarIsSound(filter) ? chosenValues(filter, field as FieldName) : [];
}

function valueTitle(field: FieldName, value: string | null): string {
  if (value === null) return 'none';
  if (field === 'flag') return flagTitles[value as FlagKind] ?? value;
  if (field === 'correct') return value === 'true' ? 'right' : 'wrong';
  return value;
}

function typedValue(field: FieldName, value: string | null): string | number | boolean | null {
  if (value === null) return null;
  const { type } = fieldInfo(field);
  if (type === 'number') return Number(value);
  return type === 'boolean' ? value === 'true' : value;
}

function ValueFacet(props: {
  readonly field: FieldName;
  readonly values: readonly { readonly value: string | null; readonly count: number }[];
  readonly distinct: number;
  readonly filter: string;
}) {
  const { field, values, filter } = props;
  const [isOpen, setIsOpen] = useIsOpen(field);
  const [isWhole, setIsWhole] = useState(false);
  const set = useFilter((state) => state.set);
  const picked = chosen(filter, field).map((value) => (value === null ? null : String(value)));
  const most = Math.max(1, ...values.map((value) => value.count));
  // A chosen value stays in sight, also when the filter leaves none of it.
  const missing = picked
    .filter((value) => !values.some((known) => known.value === value))
    .map((value) => ({ value, count: 0 }));
  const shown = [...(isWhole ? values : values.slice(0, SHOWN)), ...missing];
  const hidden = values.length - SHOWN;
  return (
    <Disclosure className="facet" isExpanded={isOpen} onExpandedChange={setIsOpen}>
      <Heading className="facet-head" level={2}>
        <AriaButton slot="trigger" className="facet-title">
          <Icon name={isOpen ? 'down' : 'right'} size={11} />
          {fieldInfo(field).title}
          {picked.length > 0 && <span className="facet-picked">{picked.length}</span>}
        </AriaButton>
      </Heading>
      <DisclosurePanel>
        <ul>
          {shown.map(({ value, count: clips }) => {
            const isPicked = picked.includes(value);
            return (
              <li key={value ?? '\u0000'}>
                <button
                  type="button"
                  className={`facet-value${isPicked ? ' is-picked' : ''}`}
                  aria-pressed={isPicked}
                  onClick={() => set(toggleValue(filter, field, typedValue(field, value)))}
                >
                  <span className={`ellipsis${value === null ? ' secondary' : ''}`} dir="auto">
                    {valueTitle(field, value)}
                  </span>
                  <span className="facet-count">{count(clips)}</span>
                  <Bar share={clips / most} tone={isPicked ? 'accent' : 'plain'} />
                </button>
              </li>
            );
          })}
        </ul>
        {hidden > 0 && (
          <button type="button" className="facet-more" onClick={() => setIsWhole(!isWhole)}>
            {isWhole
              ? 'Fewer'
              : `${count(hidden)} more${props.distinct > MOST ? ` of ${count(props.distinct)}` : ''}`}
          </button>
        )}
      </DisclosurePanel>
    </Disclosure>
  );
}

const BINS = 32;
const HEIGHT = 44;
/** Ends of the axis and the fields below the bars, kept free while the bars are counted. */
const FIELDS_HEIGHT = 51;

function HistogramFacet({ field, filter }: { readonly field: HistogramField; readonly filter: string }) {
  const [isOpen, setIsOpen] = useIsOpen(field);
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
