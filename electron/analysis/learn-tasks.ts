// Classes on an embedding: their geometry, labels their centres contradict, out-of-sample probabilities, a head for one new word.

import { EarmarkError } from '../../shared/errors.ts';
import { classCentreScores } from '../compute/embeddings/class-centres.ts';
import { classGeometry } from '../compute/embeddings/class-geometry.ts';
import { crossValidate } from '../compute/learn/cross-validate.ts';
import { scoreTargets, trainFewShot } from '../compute/learn/few-shot.ts';
import { npyToInt32, readNpyFile, writeNpyFile } from '../formats/index.ts';
import type { AnalysisTasks } from '../ipc/analysis-tasks.ts';
import type { TaskContext } from '../ipc/dispatch.ts';
import { embedVariants } from './embed-variants.ts';
import { compact, type FeatureRows, readFeatures, spread } from './features-file.ts';
import { runSteps } from './pace.ts';

type Task<Name extends keyof AnalysisTasks> = (
  params: AnalysisTasks[Name]['params'],
  context: TaskContext<AnalysisTasks[Name]['item']>,
) => Promise<AnalysisTasks[Name]['result']>;

/** The stored neighbours, for the rows that are there. */
async function readGraph(rows: FeatureRows, indicesFile: string) {
  const array = await readNpyFile(indicesFile);
  const k = array.shape[1] ?? 0;
  const all = npyToInt32(array, 'the neighbours');
  const place = new Int32Array(rows.total).fill(-1);
  for (let at = 0; at < rows.n; at++) place[rows.rows?.[at] ?? at] = at;
  const indices = new Int32Array(rows.n * k);
  for (let at = 0; at < rows.n; at++) {
    const row = rows.rows?.[at] ?? at;
    for (let i = 0; i < k; i++) indices[at * k + i] = place[all[row * k + i] ?? -1] ?? -1;
  }
  return { n: rows.n, k, indices, distances: new Float32Array(rows.n * k) };
}

export const classGeometryTask: Task<'classGeometry'> = async (params) => {
  const rows = await readFeatures(params.features);
  const { classes, metric, seed } = params;
  const found = classGeometry({
    features: rows.features,
    n: rows.n,
    d: rows.d,
    labels: compact(rows, params.labels),
    classes,
    metric,
    graph: params.neighbours === null ? null : await readGraph(rows, params.neighbours),
    seed,
  });
  return {
    classes: found.rows.map(({ label, n, intra, nearest, inter, silhouette, purity }) => ({
      code: label,
      n,
      intra,
      nearestClass: nearest,
      inter,
      silhouette,
      knnPurity: purity,
    })),
    distances: Float32Array.from(found.centroidDistances),
    overlaps: found.overlaps.map(({ a, b, shareOfA, shareOfB }) => ({ a, b, shareOfA, shareOfB })),
  };
};

export const classCentresTask: Task<'classCentres'> = async (params) => {
  const rows = await readFeatures(params.features);
  const { classes, metric, seed } = params;
  const { n, d, features } = rows;
  const labels = compact(rows, params.labels);
  const { proposed, ranked } = classCentreScores({ features, n, d, labels, classes, metric, seed });
  return {
    proposed: spread(rows, proposed, 1, -1),
    ranked: ranked.map((at) => rows.rows?.[at] ?? at),
  };
};

export const crossValidateTask: Task<'crossValidate'> = async (params, context) => {
  const startedMs = performance.now();
  const rows = await readFeatures(params.features);
  const { classes, folds, groups, seed } = params;
  const found = await runSteps(
    crossValidate({
      features: rows.features,
      n: rows.n,
      d: rows.d,
      labels: compact(rows, params.labels),
      classes,
      folds,
      groups: groups === null ? null : compact(rows, groups),
      seed,
    }),
    context.signal,
    ({ fold, folds: all, done }) =>
      context.emit({ phase: `fold ${fold + 1} of ${all}`, done: Math.round(done * 1000), total: 1000 }),
  );
  await writeNpyFile(params.out, spread(rows, found.probabilities, classes, Number.NaN), [
    rows.total,
    classes,
  ]);
  const notes: string[] = [];
  if (found.scarce.length > 0)
    notes.push(
      `${found.scarce.length} labels have fewer clips than there are folds; their figures rest on little.`,
    );
  if (found.missing.length > 0) {
    const labels = new Set(found.missing.map(({ label }) => label)).size;
    notes.push(
      `${labels} labels are missing in the training part of a fold; their clips there cannot be recognised.`,
    );
  }
  const used = found.foldOf.reduce((most, fold) => Math.max(most, fold + 1), 0);
  return { seconds: (performance.now() - startedMs) / 1000, folds: used, notes };
};

export const fewShotTask: Task<'fewShot'> = async (params, context) => {
  const rows = await readFeatures(params.features);
  const place = new Map(Array.from({ length: rows.n }, (_, at) => [rows.rows?.[at] ?? at, at]));
  /** The rows that are there, in the order asked for. */
  const there = (wanted: Int32Array): Int32Array =>
    Int32Array.from(wanted, (row) => place.get(row) ?? -1).filter((row) => row >= 0);
  const targets = there(params.targets);
  if (targets.length < params.targets.length) {
    throw new EarmarkError(
      'few-shot/no-row',
      `${params.targets.length - targets.length} of the examples could not be embedded. Choose others.`,
    );
  }
  const input = { features: rows.features, n: rows.n, d: rows.d };
  const notes: string[] = [];
  const { variants: wanted, seed } = params;
  const variants =
    wanted &&
    (await embedVariants(
      wanted,
      rows.d,
      seed,
      context.signal,
      (done) => context.emit({ phase: 'variants of the examples', done, total: targets.length }),
      (text) => notes.push(text),
    ));
  const head = await runSteps(
    trainFewShot({
      ...input,
      targets,
      unknowns: there(params.unknowns),
      backgrounds: there(params.backgrounds),
      variants,
      falseAcceptRate: params.wantedFalseAcceptRate,
      seed,
    }),
    context.signal,
    ({ done, total }) => context.emit({ phase: 'learning', done, total }),
  );
  if (head.calibration * params.wantedFalseAcceptRate < 1) {
    notes.push(
      `The threshold was chosen on ${head.calibration} other clips, too few to tell a rate of ${params.wantedFalseAcceptRate}; it lets none of them through.`,
    );
  }
  return {
    scores: spread(rows, scoreTargets(head, input), 1, Number.NaN),
    threshold: head.threshold,
    falseAcceptRate: head.falseAcceptRate,
    heldOut: head.heldOut,
    leaveOneOut: head.leaveOneOut.map(({ score, isFound }) => ({ score, isFound })),
    notes,
  };
};
