// Facets beside the table: the values of each field among the filter's clips, numbers in bins, and the columns that the
// imported tables have beside the fields.
import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { memo } from 'react';
import { type FieldName, withoutField } from '../../../shared/filter/index.ts';
import { calls, errorDataOf } from '../../lib/client.ts';
import { useProject } from '../../lib/project.ts';
import { useFilter } from '../../lib/state/filter.ts';
import { grammarIsSound } from '../filter/index.ts';
import { HistogramFacet, histogramFields } from './HistogramFacet.tsx';
import { ColumnFacet, chosen, FieldFacet, MOST_VALUES } from './ValueFacet.tsx';

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
    ...calls.clips.facets.queryOptions({ input: { filter: text, fields: [...asked], limit: MOST_VALUES } }),
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
        <FieldFacet
          key={facet.field}
          field={facet.field as FieldName}
          values={facet.values}
          distinct={facet.distinct}
          filter={filter}
        />
      ))}
      {!isFirst &&
        histogramFields.map((field) => <HistogramFacet key={field} field={field} filter={filter} />)}
      {!isFirst && project?.columns.map((name) => <ColumnFacet key={name} name={name} filter={filter} />)}
    </div>
  );
});
