// Hand-made clips for tests of the working set.
import type { ClipRecord, FlagRecord, PredictionRecord } from '../../catalog/records.ts';
import { WorkingSet, type WorkingSetInput } from './working-set.ts';

type ClipParts = Partial<Omit<ClipRecord, 'measures'>> & {
  readonly measures?: Partial<ClipRecord['measures']>;
};

/** A clip of one second that nothing is known about but what is given. */
export function clip(id: number, parts: ClipParts = {}): ClipRecord {
  const { measures, ...rest } = parts;
  const label = rest.label ?? null;
  const transcript = rest.transcript ?? null;
  return {
    id,
    datasetId: 1,
    path: `clips/clip${id}.wav`,
    kind: 'speech',
    label,
    originalLabel: label,
    transcript,
    originalTranscript: transcript,
    split: null,
    speaker: null,
    gender: null,
    age: null,
    accent: null,
    locale: null,
    review: null,
    reviewReason: null,
    note: null,
    isPresent: true,
    fileBytes: 32_044,
    fileModifiedMs: 0,
    ...rest,
    measures: {
      container: 'wav',
      encoding: 'pcm_s16',
      sampleRate: 16_000,
      channels: 1,
      frames: 16_000,
      peakDbfs: -3,
      rmsDbfs: -20,
      dcOffset: 0,
      clippedSamples: 0,
      clippedRuns: 0,
      leadingSilenceSec: 0,
      trailingSilenceSec: 0,
      startEdgeDb: -40,
      endEdgeDb: -40,
      sampleHash: `hash${id}`,
      ...measures,
    },
  };
}

export function openFlag(id: number, clipId: number | null, kind: FlagRecord['kind']): FlagRecord {
  return { id, clipId, path: '', kind, score: 0, reason: '', evidence: {}, proposed: null, status: 'open' };
}

export function prediction(
  clipId: number,
  predicted: string | null,
  confidence: number | null,
  row: number,
  rest: Partial<PredictionRecord> = {},
): PredictionRecord {
  return { clipId, predicted, confidence, row, hypothesis: null, latencyMs: null, ...rest };
}

export function workingSet(parts: Partial<WorkingSetInput>): WorkingSet {
  return new WorkingSet({
    revision: 7,
    datasets: [{ id: 1, name: 'words' }],
    clips: [],
    flags: [],
    runs: [],
    runInUse: null,
    columnNames: [],
    loadColumn: () => [],
    loadProbabilities: () => null,
    ...parts,
  });
}
