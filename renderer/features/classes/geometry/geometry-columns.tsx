// The columns of the geometry table.
import { count, percent } from '../../../lib/format.ts';
import { Bar, type GridColumn } from '../../../ui/index.ts';
import { distanceText } from './distances.ts';
import { openLabels } from './doors.ts';
import type { GeometryRow } from './geometry-rows.ts';

type Column = GridColumn<GeometryRow>;

function figure(
  id: 'intra' | 'inter' | 'ratio' | 'silhouette',
  title: string,
  width: number,
  none: string,
): Column {
  return {
    id,
    title,
    width,
    align: 'end',
    sortField: id,
    cell: (row) => {
      const value = row[id];
      if (value !== null)
        return id === 'silhouette' ? value.toFixed(2).replace('-', '−') : distanceText(value);
      return (
        <span className="secondary" title={none}>
          –<span className="visually-hidden"> {none}</span>
        </span>
      );
    },
    text: (row) => row[id]?.toFixed(6) ?? '',
  };
}

export const geometryColumns: readonly Column[] = [
  {
    id: 'label',
    title: 'Label',
    width: 76,
    isFlexible: true,
    sortField: 'label',
    cell: (row) => (
      // The grid is one tab stop: Enter in a cell opens the same door.
      <button
        type="button"
        tabIndex={-1}
        className="door ellipsis"
        title={row.label}
        onClick={() => openLabels(row.label)}
      >
        <bdi>{row.label}</bdi>
      </button>
    ),
    text: (row) => row.label,
  },
  {
    id: 'n',
    title: 'Clips',
    width: 58,
    align: 'end',
    sortField: 'n',
    sortsDescendingFirst: true,
    cell: (row) => count(row.n),
    text: (row) => String(row.n),
  },
  figure('intra', 'Width', 64, 'Undefined: no clips'),
  {
    id: 'nearestClass',
    title: 'Nearest',
    width: 80,
    sortField: 'nearestClass',
    cell: ({ label, nearestClass }) =>
      nearestClass === null ? (
        <span className="secondary">–</span>
      ) : (
        <button
          type="button"
          tabIndex={-1}
          className="door ellipsis"
          title={`The clips of ${label} and ${nearestClass}`}
          onClick={() => openLabels(label, nearestClass)}
        >
          <bdi>{nearestClass}</bdi>
        </button>
      ),
    text: (row) => row.nearestClass ?? '',
  },
  figure('inter', 'Away', 62, 'Undefined: there is no other class'),
  figure('ratio', 'Away / width', 106, 'Undefined: it needs two clips that differ, and another class'),
  figure('silhouette', 'Silhouette', 84, 'Undefined: it needs two clips and another class'),
  {
    id: 'knnPurity',
    title: 'Purity',
    width: 106,
    align: 'end',
    sortField: 'knnPurity',
    cell: ({ knnPurity }) =>
      knnPurity === null ? (
        <span className="secondary">–</span>
      ) : (
        <span className="geometry-share">
          <Bar share={knnPurity} />
          <span>{percent(knnPurity)}</span>
        </span>
      ),
    text: (row) => row.knnPurity?.toFixed(6) ?? '',
  },
];
