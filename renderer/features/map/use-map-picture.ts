// Points, colours, filter, selection and names of the map in front, or of the one that is being made, put together.
// Each part is worked out again only when what it depends on changed: a filter writes one byte a point.
import { useMemo } from 'react';
import type { MapSummary } from '../../../shared/contract/maps.ts';
import type { ProjectInfo } from '../../../shared/contract/project.ts';
import type { Job } from '../../../shared/domain/job.ts';
import { useFilter } from '../../lib/state/filter.ts';
import { useSelection } from '../../lib/state/selection.ts';
import { isCorrectness } from './colour-terms.ts';
import { type Colouring, colouringOf, type SlotMemory } from './colours.ts';
import { countMatched, matchedByCategory, matchedStates, withSelection } from './map-points.ts';
import { anchorsOf } from './names-layout.ts';
import { MATCHED } from './scatter/painter.ts';
import {
  type MapColumn,
  useFilterIds,
  useLabelsOfClips,
  useMapColumn,
  useMapPoints,
  useMapPreview,
} from './use-map-data.ts';
import type { PictureData } from './use-picture.ts';

export interface MapPictureState {
  readonly data: PictureData | null;
  readonly column: MapColumn | null;
  readonly error: unknown;
  /** Clips of the filter on this map, in the order of the table; null while they are read. */
  readonly list: Int32Array | null;
  /** Clips of the filter that are on the map, and that are not. */
  readonly matched: number;
  readonly absent: number;
  /** Clips of the filter by place in the legend; null without a filter. */
  readonly matchedByPlace: Uint32Array | null;
  readonly refetch: () => void;
}

/** Colours of classes stay, whichever map of the project is in front. */
const memories = new Map<string, SlotMemory>();

function memoryOf(project: string, by: string): SlotMemory {
  const key = `${project}\n${by}`;
  const known = memories.get(key);
  if (known) return known;
  const made: SlotMemory = new Map();
  memories.set(key, made);
  return made;
}

const none: ReadonlySet<number> = new Set();
const noAnchors: PictureData['anchors'] = [];
const noName = () => '';

/** The column of labels of a picture under way, from which clips have which label. */
function usePreviewColumn(project: ProjectInfo, ids: Int32Array | null, isWanted: boolean): MapColumn | null {
  const { data } = useLabelsOfClips(project, isWanted);
  return useMemo(() => {
    if (!ids) return null;
    const labels = data?.labels ?? [];
    const counts = new Array<number>(labels.length + 1).fill(0);
    const values = Uint16Array.from(ids, (id) => {
      const place = data?.placeOf.get(id) ?? labels.length;
      counts[place] = (counts[place] ?? 0) + 1;
      return place;
    });
    const legend = [...labels, null].map((value, place) => ({ value, count: counts[place] ?? 0 }));
    return { mapId: -1, by: 'label', legend: { kind: 'category', values: legend }, values };
  }, [ids, data]);
}

/** @param map the map in front; null = the one that `job` makes */
export function useMapPicture(
  project: ProjectInfo,
  map: MapSummary | null,
  job: Job | null,
  by: string,
): MapPictureState {
  const mapId = map?.id ?? null;
  const stored = useMapPoints(project.id, mapId);
  const preview = useMapPreview(mapId === null ? (job?.id ?? null) : null);
  const points = (mapId === null ? preview?.points : stored.data) ?? null;
  const read = useMapColumn(project.id, mapId, by);
  const hasLabels = project.labels.length > 0;
  const names = useMapColumn(project.id, hasLabels ? mapId : null, 'label');
  const underWay = usePreviewColumn(
    project,
    mapId === null ? (points?.ids ?? null) : null,
    mapId === null && job !== null,
  );
  const column = mapId === null ? underWay : (read.data ?? null);
  const named = mapId === null ? underWay : (names.data ?? null);

  const filter = useFilter((state) => state.text);
  const ids = useFilterIds();
  const selection = useSelection((state) => state.selected);
  const selected = selection.size > 1 ? selection : none;

  const colouring: Colouring | null = useMemo(() => {
    if (!points || !column || column.values.length !== points.ids.length) return null;
    return colouringOf(
      column.legend,
      column.values,
      memoryOf(project.id, column.by),
      isCorrectness(column.by),
    );
  }, [points, column, project.id]);

  const inFilter = filter === '' ? null : (ids.data ?? null);
  const states = useMemo(() => (points ? matchedStates(points, inFilter) : null), [points, inFilter]);
  const shown = useMemo(
    () => (points && states ? withSelection(points, states, selected) : null),
    [points, states, selected],
  );
  const matched = useMemo(() => (states ? countMatched(states) : 0), [states]);
  const matchedByPlace = useMemo(
    () =>
      states && inFilter && column?.values instanceof Uint16Array && column.legend.kind === 'category'
        ? matchedByCategory(column.values, states, column.legend.values.length)
        : null,
    [states, inFilter, column],
  );
  const anchors = useMemo(() => {
    if (!points || !states || named?.legend.kind !== 'category' || !(named.values instanceof Uint16Array))
      return noAnchors;
    if (named.values.length !== points.ids.length) return noAnchors;
    const { values } = named.legend;
    // Clips without a label stand last, and have no name.
    const most = values.at(-1)?.value === null ? values.length - 1 : values.length;
    const isShown = (point: number) => ((states[point] ?? 0) & MATCHED) !== 0;
    return anchorsOf(points.xy, points.bounds, named.values, isShown, most);
  }, [points, states, named]);
  const nameOf = useMemo(() => {
    if (named?.legend.kind !== 'category') return noName;
    const { values } = named.legend;
    return (category: number) => values[category]?.value ?? '';
  }, [named]);

  const list = useMemo(() => {
    if (!points || !ids.data) return null;
    const isThere = (id: number) => points.pointOf(id) >= 0;
    return ids.data.every(isThere) ? ids.data : ids.data.filter(isThere);
  }, [points, ids.data]);

  const viewKey = mapId === null ? `job ${job?.id}` : `map ${mapId}`;
  const data = useMemo(
    () =>
      points && colouring && shown ? { points, viewKey, colouring, states: shown, anchors, nameOf } : null,
    [points, viewKey, colouring, shown, anchors, nameOf],
  );
  return {
    data,
    column,
    error: stored.error ?? read.error,
    list,
    matched,
    absent: (ids.data?.length ?? 0) - (list?.length ?? 0),
    matchedByPlace,
    refetch: () => void Promise.all([stored.refetch(), read.refetch()]),
  };
}
