// One clip whole, for the inspector: measures, what every run says, flags, history.
import type { ClipDetail } from '../../shared/contract/clips.ts';
import { EarmarkError } from '../../shared/errors.ts';
import { clipExtra, flagsOfClips, history, importedAt, readClipsByIds } from '../catalog/index.ts';
import { rowAt } from './clips.ts';
import { toFlagRow } from './flags.ts';
import type { OpenProject } from './open-project.ts';
import type { RunColumns } from './working-set/index.ts';

const TOP_LABELS = 10;
const HISTORY_EVENTS = 200;

function topLabels(run: RunColumns, row: number): { label: string; probability: number }[] {
  const matrix = run.probabilities();
  const at = run.probabilityRows[row] ?? -1;
  if (matrix === null || at < 0) return [];
  return matrix.labels
    .map((label, column) => ({
      label,
      probability: matrix.data[at * matrix.labels.length + column] ?? Number.NaN,
    }))
    .filter(({ probability }) => Number.isFinite(probability))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, TOP_LABELS);
}

function numberOrNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

export function clipDetail(project: OpenProject, id: number): ClipDetail {
  const { set, catalog } = project;
  const row = set.rowOf(id);
  const [record] = readClipsByIds(catalog, [id]);
  if (row < 0 || !record) throw new EarmarkError('clip/unknown', `There is no clip ${id} in this project.`);
  const labelCode = set.codes.label.codes[row] ?? -1;
  const predictions: ClipDetail['predictions'] = [];
  for (const run of set.runs.values()) {
    if (run.isPredicted[row] !== 1) continue;
    predictions.push({
      run: run.name,
      predicted: run.predicted.dictionary.valueOf(run.predicted.codes[row] ?? -1),
      confidence: numberOrNull(run.confidence.values[row]),
      hypothesis: run.hypothesis.dictionary.valueOf(run.hypothesis.codes[row] ?? -1),
      latencyMs: numberOrNull(run.latencyMs.values[row]),
      top: topLabels(run, row),
      givenProbability: numberOrNull(run.probabilityAt(row, labelCode)),
    });
  }
  return {
    row: rowAt(set, row),
    measures: record.measures,
    extra: clipExtra(catalog, id),
    flags: [...flagsOfClips(catalog, [id])].map((flag) => toFlagRow(project, flag)),
    predictions,
    history: history(catalog, { clipId: id, limit: HISTORY_EVENTS }).events,
    importedAt: importedAt(catalog, id),
  };
}
