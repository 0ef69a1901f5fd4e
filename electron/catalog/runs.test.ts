import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import {
  createRun,
  findRun,
  listRuns,
  type NewRun,
  type PredictionRecord,
  predictionsOfClip,
  readPredictions,
  removeRun,
  renameRun,
} from './index.ts';
import { makeProject, temporaryFolder } from './test-support.ts';

const folder = temporaryFolder();

const run: NewRun = {
  name: 'base',
  createdAt: '2026-01-02T03:04:05.000Z',
  source: 'base.csv',
  labels: ['four', 'seven'],
  rows: 3,
  matched: 2,
  probabilitiesFile: 'base.npy',
  problems: [{ code: 'predictions/unmatched', message: 'One row names no clip.', count: 1 }],
};

function predictions(ids: readonly number[], predicted: string): PredictionRecord[] {
  return ids.map((clipId, row) => ({
    clipId,
    predicted,
    confidence: 0.75,
    hypothesis: null,
    latencyMs: 1.5,
    row,
  }));
}

describe('a run', () => {
  it('is stored whole with its predictions, and read by clip id', () => {
    const { catalog, ids } = makeProject(folder, 3);
    const stored = createRun(catalog, run, predictions([...ids].reverse(), 'seven'));
    expect(stored).toEqual({ ...run, id: stored.id, details: null });
    expect(listRuns(catalog)).toEqual([stored]);
    expect([...readPredictions(catalog, stored.id)]).toEqual(
      predictions([...ids].reverse(), 'seven').reverse(),
    );
    expect(predictionsOfClip(catalog, ids[0] ?? 0)[0]?.prediction.predicted).toBe('seven');
    const database = new Database(catalog.file, { readonly: true });
    expect(
      database.prepare('SELECT run, path, label, predicted, is_correct FROM v_predictions').get(),
    ).toEqual({
      run: 'base',
      path: 'four/0.wav',
      label: 'four',
      predicted: 'seven',
      is_correct: 0,
    });
    database.close();
  });

  it('is replaced only when that is asked for, and kept whole when the new one fails', () => {
    const { catalog, ids } = makeProject(folder, 2);
    createRun(catalog, run, predictions(ids, 'seven'));
    expect(() => createRun(catalog, run, [])).toThrow('has a run named "base" already');
    const broken = function* () {
      yield* predictions(ids, 'nine');
      throw new Error('the file ends early');
    };
    expect(() => createRun(catalog, { ...run, replace: true }, broken())).toThrow('ends early');
    expect([...readPredictions(catalog, findRun(catalog, 'base')?.id ?? 0)][0]?.predicted).toBe('seven');
    const replaced = createRun(catalog, { ...run, replace: true }, predictions(ids, 'nine'));
    expect([...readPredictions(catalog, replaced.id)].map((each) => each.predicted)).toEqual([
      'nine',
      'nine',
    ]);
    expect(listRuns(catalog).length).toBe(1);
  });

  it('is renamed and removed by its name', () => {
    const { catalog, ids } = makeProject(folder, 1);
    createRun(catalog, run, predictions(ids, 'seven'));
    createRun(catalog, { ...run, name: 'other' }, []);
    expect(() => renameRun(catalog, 'base', 'other')).toThrow('already');
    expect(() => renameRun(catalog, 'nobody', 'x')).toThrow('no run named "nobody"');
    const renamed = renameRun(catalog, 'base', 'first');
    expect(removeRun(catalog, 'first')?.probabilitiesFile).toBe('base.npy');
    expect([...readPredictions(catalog, renamed.id)]).toEqual([]);
    expect(removeRun(catalog, 'first')).toBeNull();
  });
});
