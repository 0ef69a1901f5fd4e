// The values of a field, or of a column of an imported table, among the filter's clips, with counts. A click adds the
// value to the filter or takes it out again.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button as AriaButton, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';
import { type FlagKind, flagTitles } from '../../../shared/domain/flag.ts';
import {
  chosenValues,
  columnTerm,
  type FieldName,
  parseTerm,
  printTerm,
  type Term,
  termInfo,
  toggleValue,
  withoutField,
} from '../../../shared/filter/index.ts';
import { calls } from '../../lib/client.ts';
import { count } from '../../lib/format.ts';
import { useFilter } from '../../lib/state/filter.ts';
import { Bar, Icon } from '../../ui/index.ts';
import { grammarIsSound } from '../filter/index.ts';
import { useFacetOpen } from './use-facet-open.ts';

const SHOWN = 8;
/** Values asked for. */
export const MOST_VALUES = 200;

interface FacetValue {
  readonly value: string | null;
  readonly count: number;
}

/** The values of the term that the filter names. */
export function chosen(filter: string, term: string): readonly (string | number | boolean | null)[] {
  return grammarIsSound(filter) ? chosenValues(filter, parseTerm(term)) : [];
}

function valueTitle(term: string, value: string | null): string {
  if (value === null) return 'none';
  if (term === 'flag') return flagTitles[value as FlagKind] ?? value;
  if (term === 'correct') return value === 'true' ? 'right' : 'wrong';
  return value;
}

function typedValue(term: Term, value: string | null): string | number | boolean | null {
  if (value === null) return null;
  const { type } = termInfo(term);
  if (type === 'number') return Number(value);
  return type === 'boolean' ? value === 'true' : value;
}

/** A field, with its values as they were asked for together with those of other fields. */
export function FieldFacet(props: {
  readonly field: FieldName;
  readonly values: readonly FacetValue[];
  readonly distinct: number;
  readonly filter: string;
}) {
  const { field, ...rest } = props;
  const [isOpen, setIsOpen] = useFacetOpen(field);
  return <ValueFacet {...rest} term={field} isOpen={isOpen} onOpen={setIsOpen} />;
}

/** A column of an imported table. Its values are read once it is opened: there may be many columns, and long ones. */
export function ColumnFacet({ name, filter }: { readonly name: string; readonly filter: string }) {
  const term = printTerm(columnTerm(name));
  const [isOpen, setIsOpen] = useFacetOpen(term);
  const isSound = grammarIsSound(filter);
  // Its own values do not narrow it, so that a second value can be added to the first.
  const others = isSound ? withoutField(filter, columnTerm(name)) : '';
  const reply = useQuery({
    ...calls.clips.facets.queryOptions({ input: { filter: others, fields: [term], limit: MOST_VALUES } }),
    placeholderData: keepPreviousData,
    enabled: isOpen && isSound,
  });
  const facet = reply.data?.[0];
  return (
    <ValueFacet
      term={term}
      values={facet?.values ?? []}
      distinct={facet?.distinct ?? 0}
      filter={filter}
      isOpen={isOpen}
      onOpen={setIsOpen}
    />
  );
}

function ValueFacet(props: {
  readonly term: string;
  readonly values: readonly FacetValue[];
  readonly distinct: number;
  readonly filter: string;
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
}) {
  const { term, values, distinct, filter, isOpen } = props;
  const parsed = parseTerm(term);
  const [isWhole, setIsWhole] = useState(false);
  const set = useFilter((state) => state.set);
  const picked = chosen(filter, term).map((value) => (value === null ? null : String(value)));
  const most = Math.max(1, ...values.map((value) => value.count));
  // A chosen value stays in sight, also when the filter leaves none of it.
  const missing = picked
    .filter((value) => !values.some((known) => known.value === value))
    .map((value) => ({ value, count: 0 }));
  const shown = [...(isWhole ? values : values.slice(0, SHOWN)), ...missing];
  const hidden = values.length - SHOWN;
  return (
    <Disclosure className="facet" isExpanded={isOpen} onExpandedChange={props.onOpen}>
      <Heading className="facet-head" level={2}>
        <AriaButton slot="trigger" className="facet-title">
          <Icon name={isOpen ? 'down' : 'right'} size={11} />
          <span className="ellipsis" dir="auto">
            {termInfo(parsed).title}
          </span>
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
                  onClick={() => set(toggleValue(filter, parsed, typedValue(parsed, value)))}
                >
                  <span className={`ellipsis${value === null ? ' secondary' : ''}`} dir="auto">
                    {valueTitle(term, value)}
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
              : `${count(hidden)} more${distinct > MOST_VALUES ? ` of ${count(distinct)}` : ''}`}
          </button>
        )}
      </DisclosurePanel>
    </Disclosure>
  );
}
