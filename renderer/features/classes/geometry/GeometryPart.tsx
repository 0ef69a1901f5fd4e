// How the classes lie in the embedding in use: a table, the matrix of their distances, and which overlap.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { type Metric, metrics } from '../../../../shared/domain/embedding.ts';
import { calls, errorDataOf } from '../../../lib/client.ts';
import { count } from '../../../lib/format.ts';
import { useFilter } from '../../../lib/state/filter.ts';
import { remember, remembered } from '../../../lib/storage.ts';
import { EmptyState, ErrorNotice, SegmentedControl, Spinner } from '../../../ui/index.ts';
import { NoEmbedding } from '../../embeddings/index.ts';
import { LabelGrid } from '../LabelGrid.tsx';
import { DistanceLegend } from './DistanceLegend.tsx';
import { DistanceMatrix } from './DistanceMatrix.tsx';
import { type DistanceOrder, distanceOrders, distancesOf } from './distances.ts';
import { openLabels } from './doors.ts';
import { geometryColumns } from './geometry-columns.tsx';
import { type GeometryRow, rowsOf } from './geometry-rows.ts';
import { type Geometry, Overlaps } from './Overlaps.tsx';

const metricTitles: Readonly<Record<Metric, string>> = { cosine: 'Cosine', euclidean: 'Euclidean' };
const orderTitles: Readonly<Record<DistanceOrder, string>> = {
  similarity: 'Similarity',
  support: 'Clips',
  name: 'Name',
};

export function GeometryPart() {
  const [metric, setMetric] = useState(() =>
    remembered<Metric>('geometry.metric', 'cosine', (value) => metrics.some((known) => known === value)),
  );
  const query = useQuery({
    ...calls.embeddings.geometry.queryOptions({ input: { embedding: null, metric } }),
    placeholderData: keepPreviousData,
  });
  const error = query.error && !query.data ? errorDataOf(query.error) : null;
  if (error?.code === 'embedding/none') {
    return (
      <NoEmbedding what="The geometry shows how wide each class is, which lies next to it and which mingle." />
    );
  }
  if (error) return <ErrorNotice error={error} onRetry={() => void query.refetch()} />;
  if (!query.data) {
    return (
      <div className="classes-wait">
        <Spinner label="Measuring the classes…" />
      </div>
    );
  }
  if (query.data.classes.length === 0) {
    return (
      <EmptyState icon="classes" title="No labels yet">
        The geometry compares the classes of labelled clips, and no clip of the embedding has a label.
      </EmptyState>
    );
  }
  return (
    <div
      className={query.isPlaceholderData ? 'geometry is-stale' : 'geometry'}
      aria-busy={query.isPlaceholderData}
    >
      <div className="geometry-top">
        <SegmentedControl
          label="Distance"
          options={metrics.map((id) => ({ id, title: metricTitles[id] }))}
          value={metric}
          onChange={(next) => {
            setMetric(next);
            remember('geometry.metric', next);
          }}
        />
        <Explained geometry={query.data} />
      </div>
      <Shown geometry={query.data} />
    </div>
  );
}

function Explained({ geometry }: { readonly geometry: Geometry }) {
  const hasFilter = useFilter(({ text }) => text !== '');
  const n = geometry.classes.reduce((sum, one) => sum + one.n, 0);
  return (
    <p className="secondary small">
      <bdi>{geometry.embedding}</bdi>, n={count(n)} labelled clips{hasFilter ? ', whatever the filter' : ''}.
      Width: mean distance of a class's clips to their centre. Away: distance to the nearest class's centre.
      Purity: share of the 15 nearest clips with the same label.
    </p>
  );
}

function Shown({ geometry }: { readonly geometry: Geometry }) {
  const [words, setWords] = useState<string | null>(null);
  const [order, setOrder] = useState(() =>
    remembered<DistanceOrder>('geometry.order', 'similarity', (value) =>
      distanceOrders.some((known) => known === value),
    ),
  );
  const rows = useMemo(() => rowsOf(geometry.classes), [geometry.classes]);
  const distances = useMemo(
    () => distancesOf(geometry.classes, geometry.distances, order),
    [geometry.classes, geometry.distances, order],
  );
  const intra = useMemo(
    () => new Map(geometry.classes.map((one) => [one.label, one.intra])),
    [geometry.classes],
  );
  const open = (row: GeometryRow, columnId: string) => {
    const isPair = columnId === 'nearestClass' || columnId === 'inter' || columnId === 'ratio';
    openLabels(row.label, isPair && row.nearestClass !== null ? row.nearestClass : row.label);
  };
  return (
    <div className="geometry-frame">
      <div className="geometry-table">
        <LabelGrid
          label="Geometry by label"
          name="geometry"
          columns={geometryColumns}
          rows={rows}
          onOpen={open}
        />
      </div>
      <Overlaps overlaps={geometry.overlaps} />
      <section className="geometry-matrix" aria-label="Distances between classes">
        <div className="geometry-tools">
          <SegmentedControl
            label="Order of the matrix"
            options={distanceOrders.map((id) => ({ id, title: orderTitles[id] }))}
            value={order}
            onChange={(next) => {
              setOrder(next);
              remember('geometry.order', next);
            }}
          />
          <DistanceLegend distances={distances} />
        </div>
        <DistanceMatrix
          distances={distances}
          intraOf={(label) => intra.get(label) ?? null}
          onOpen={openLabels}
          onWords={setWords}
        />
        <p className="geometry-words secondary">
          {words ?? 'Distances between the centres of classes. The nearest stand out.'}
        </p>
      </section>
    </div>
  );
}
