// A run without a model: out-of-sample class probabilities by K-fold logistic regression on an embedding, so that
// confusions and likely wrong labels can be had for any labelled dataset.
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EarmarkError } from '../../../shared/errors.ts';
import { createRun, listRuns, type PredictionRecord, setSetting } from '../../catalog/index.ts';
import { npyToFloat32, parseNpy } from '../../formats/index.ts';
import type { JobControl, Studio } from '../context.ts';
import { findFlags } from '../flags.ts';
import type { OpenProject } from '../open-project.ts';
import { clipsOf, embeddingOf } from './arrays.ts';
import { tellPhase } from './infer.ts';
import { labelsOfRows, speakersOfRows } from './labels.ts';

export interface ProbabilitiesInput {
  readonly embedding: string | null;
  readonly run: string;
  readonly folds: number;
  readonly by: 'label' | 'speaker';
  readonly seed: number;
}

export interface ProbabilitiesResult {
  readonly run: string;
  readonly embedding: string;
  readonly clips: number;
  readonly folds: number;
  readonly seed: number;
  readonly seconds: number;
  readonly notes: readonly string[];
}

export function refuseTakenRun(project: OpenProject, run: string): void {
  if (!listRuns(project.catalog).some(({ name }) => name === run)) return;
  throw new EarmarkError(
    'run/exists',
    `There is a run "${run}" already. Choose another name, or remove that run first. Nothing was changed.`,
  );
}

/** What a row of probabilities predicts; null for a row of NaN. */
export function predictionsFrom(
  probabilities: Float32Array,
  labels: readonly string[],
  clips: Int32Array,
  isHere: (clipId: number) => boolean,
): PredictionRecord[] {
  const k = labels.length;
  const predictions: PredictionRecord[] = [];
  for (const [row, clipId] of clips.entries()) {
    let best = -1;
    for (let at = 0; at < k; at++) {
      const value = probabilities[row * k + at] ?? Number.NaN;
      if (value > (best < 0 ? Number.NEGATIVE_INFINITY : (probabilities[row * k + best] ?? 0))) best = at;
    }
    if (best < 0 || !isHere(clipId)) continue;
    predictions.push({
      clipId,
      predicted: labels[best] ?? null,
      confidence: probabilities[row * k + best] ?? null,
      hypothesis: null,
      latencyMs: null,
      row,
    });
  }
  return predictions;
}

/** @throws EarmarkError `probabilities/no-speakers`. */
function speakerGroups(project: OpenProject, clips: Int32Array): Int32Array {
  const speakers = speakersOfRows(project, clips);
  if (speakers.some((speaker) => speaker >= 0)) return speakers;
  throw new EarmarkError(
    'probabilities/no-speakers',
    'The speaker of no clip is known, so clips cannot be kept apart by speaker. Choose "by label", or import the dataset with its speakers (a pattern of file names, or a table). Nothing was changed.',
  );
}

export async function makeProbabilities(
  studio: Studio,
  input: ProbabilitiesInput,
  control: JobControl,
): Promise<ProbabilitiesResult> {
  const project = studio.project();
  refuseTakenRun(project, input.run);
  const embedding = embeddingOf(project, input.embedding);
  const clips = clipsOf(project, embedding);
  const { codes, names } = labelsOfRows(project, clips);
  if (names.length < 2) {
    throw new EarmarkError(
      'probabilities/one-class',
      'Probabilities need clips of at least two labels. Nothing was changed.',
    );
  }
  const groups = input.by === 'speaker' ? speakerGroups(project, clips) : null;
  const { dataFolder } = project.catalog;
  await mkdir(dataFolder, { recursive: true });
  const file = `probabilities-${randomUUID()}.npy`;
  const finalFile = join(dataFolder, file);
  const partial = `${finalFile}.partial`;
  let isKept = false;
  try {
    control.phase('learning');
    const learnt = await studio.analysis.run(
      'crossValidate',
      {
        features: join(dataFolder, embedding.file),
        labels: codes,
        classes: names.length,
        folds: input.folds,
        groups,
        seed: input.seed,
        out: partial,
      },
      {
        signal: control.signal,
        killOnCancel: true,
        onItem({ phase, done, total }) {
          tellPhase(control, phase);
          control.progress(done, total);
        },
      },
    );
    control.phase('saving');
    const probabilities = npyToFloat32(parseNpy(await readFile(partial), file));
    await rename(partial, finalFile);
    const isFirst = listRuns(project.catalog).length === 0;
    const predictions = predictionsFrom(probabilities, names, clips, (id) => project.rowOf(id) >= 0);
    createRun(
      project.catalog,
      {
        name: input.run,
        createdAt: new Date().toISOString(),
        source: `${learnt.folds}-fold logistic regression on ${embedding.name}`,
        labels: names,
        rows: clips.length,
        matched: predictions.length,
        probabilitiesFile: file,
        problems: learnt.notes.map((message) => ({ code: 'probabilities/note', message, count: 1 })),
        details: {
          model: { kind: 'cross-validation', embedding: embedding.name, folds: learnt.folds },
          computed: {
            backend: 'Earmark',
            threads: 1,
            msPerClip: null,
            seconds: learnt.seconds,
            notes: [...learnt.notes],
          },
        },
      },
      predictions,
    );
    isKept = true;
    if (isFirst) setSetting(project.catalog, 'runInUse', input.run);
    project.runsChanged();
    if (isFirst) await findFlags(studio, project, { run: input.run }, control);
    return {
      run: input.run,
      embedding: embedding.name,
      clips: predictions.length,
      folds: learnt.folds,
      seed: input.seed,
      seconds: learnt.seconds,
      notes: learnt.notes,
    };
  } finally {
    await rm(partial, { force: true });
    if (!isKept) await rm(finalFile, { force: true });
  }
}

export function startProbabilities(studio: Studio, input: ProbabilitiesInput) {
  refuseTakenRun(studio.project(), input.run);
  embeddingOf(studio.project(), input.embedding);
  return studio.jobs.start({
    kind: 'probabilities',
    title: `Probabilities ${input.run}`,
    params: input,
    async run(control) {
      const result = await makeProbabilities(studio, input, control);
      return {
        result,
        summary: `${result.clips} clips got out-of-sample probabilities in ${result.folds} folds.`,
      };
    },
  });
}
