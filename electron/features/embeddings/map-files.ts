// A map as a file that the window gives to the person.
import type { MapFileFormat } from '../../../shared/contract/routes.ts';
import { assertNever } from '../../../shared/errors.ts';
import { type MapPoint, mapCsv, mapNpy, mapProjector } from '../../formats/index.ts';
import { rowAt } from '../clips.ts';
import type { OpenProject } from '../open-project.ts';
import { findMap, pointsOf } from './arrays.ts';

export interface MapFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

function mapPoints(project: OpenProject, id: number): MapPoint[] {
  const { clipIds, coordinates } = pointsOf(project, id);
  const points: MapPoint[] = [];
  for (const [at, clipId] of clipIds.entries()) {
    const row = project.rowOf(clipId);
    if (row < 0) continue;
    const { path, label, speaker, split } = rowAt(project.set, row);
    points.push({
      x: coordinates[2 * at] ?? 0,
      y: coordinates[2 * at + 1] ?? 0,
      path,
      label,
      speaker,
      split,
    });
  }
  return points;
}

export function mapFile(project: OpenProject, id: number, format: MapFileFormat): MapFile {
  const { map, embedding } = findMap(project, id);
  const points = mapPoints(project, id);
  const name = `${embedding.name}-${map.method}`.replace(/[^\p{L}\p{N}._-]+/gu, '-');
  switch (format) {
    case 'npy':
      return { name: `${name}.npy`, type: 'application/octet-stream', bytes: mapNpy(points) };
    case 'csv':
      return { name: `${name}.csv`, type: 'text/csv; charset=utf-8', bytes: mapCsv(points) };
    case 'projector':
      return { name: `${name}.zip`, type: 'application/zip', bytes: mapProjector(points, name) };
    default:
      return assertNever(format);
  }
}
