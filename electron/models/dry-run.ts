// A model on a few clips before a long run: what does not fit is named, with what was expected. Decodes here, since it
// is few clips.
import type { DryRunReport } from '../../shared/domain/model-report.ts';
import { EarmarkError, toErrorData } from '../../shared/errors.ts';
import type { DecodedAudio } from '../audio/index.ts';
import { checkModel, readModel } from './description.ts';
import { shapeFor } from './layout.ts';
import { RowPool } from './outputs.ts';
import { type Blocks, createPreparer } from './prepare.ts';
import { type ModelRunner, openModel, type WindowOutputs } from './runner.ts';

/** Relative to the largest number; what the order of sums may change is far smaller. */
const BATCH_TOLERANCE = 1e-3;

type Clip = DryRunReport['clips'][number];

/**
 * @param path A description, or where one is going to be.
 * @param description Instead of what stands there.
 * @param decode Per clip its sound; a clip that throws is reported as such.
 * @throws EarmarkError where the model cannot be loaded at all: see `checkModel` and `openModel`.
 */
export async function dryRun(
  path: string,
  description: unknown,
  clips: readonly { readonly path: string; decode(): Promise<DecodedAudio> }[],
  threads: number,
): Promise<DryRunReport> {
  const model = description === null ? readModel(path) : checkModel(description, path);
  const runner = await openModel(model, { threads });
  const problems: { code: string; message: string }[] = [];
  const found: Clip[] = [];
  let dimensions: number | null = null;
  const firsts: Blocks[] = [];
  try {
    const prepare = createPreparer(runner.plan);
    for (const [row, clip] of clips.entries()) {
      const report: Clip = { path: clip.path, windows: 0, shape: [], top: [], embedding: [], problem: null };
      found.push(report);
      try {
        const pools: { scores: RowPool | null; embedding: RowPool | null } = {
          scores: null,
          embedding: null,
        };
        let first: Blocks | null = null;
        for (const blocks of prepare(await clip.decode(), clip.path)) {
          first ??= { ...blocks, count: 1, data: firstBlock(blocks) };
          report.windows += blocks.count;
          report.shape = shapeFor(runner.plan.input.layout, 1, blocks.frames, blocks.features);
          const outputs = await runner.run(blocks, new Array<number>(blocks.count).fill(row));
          gather(pools, outputs, runner);
        }
        runner.forget(row);
        describe(report, pools, runner);
        dimensions ??= pools.embedding?.finish().length ?? null;
        if (first !== null) firsts.push(first);
      } catch (error) {
        const { code, message } = toErrorData(error);
        report.problem = message;
        // What concerns the model and not the clip is said once.
        const isOfModel = code.startsWith('model/') && !clipCodes.has(code);
        if (isOfModel && !problems.some((problem) => problem.code === code)) problems.push({ code, message });
      }
    }
    problems.push(...(await batchProblem(runner, firsts)));
  } finally {
    await runner.close();
  }
  if (found.length > 0 && found.every(({ problem }) => problem !== null) && problems.length === 0) {
    problems.push({
      code: 'model/no-results',
      message: `None of the ${found.length} clips gave a result. The first: ${found[0]?.problem}`,
    });
  }
  return {
    hash: model.hash,
    backend: runner.backend,
    threads: runner.threads,
    labels: runner.labels === null ? null : [...runner.labels],
    dimensions,
    problems,
    clips: found,
  };
}

const clipCodes = new Set(['model/no-samples', 'model/clip-too-long', 'model/clip-too-short']);

function firstBlock({ data, frames, features }: Blocks): Float32Array {
  return data.slice(0, frames * features);
}

function gather(
  pools: { scores: RowPool | null; embedding: RowPool | null },
  outputs: WindowOutputs,
  runner: ModelRunner,
): void {
  for (const kind of ['scores', 'embedding'] as const) {
    const rows = outputs[kind];
    if (rows === null) continue;
    pools[kind] ??= new RowPool(runner.pooling, rows.width);
    pools[kind].add(rows.data);
  }
}

function describe(
  report: Clip,
  pools: { readonly scores: RowPool | null; readonly embedding: RowPool | null },
  runner: ModelRunner,
): void {
  const scores = pools.scores?.finish();
  const embedding = pools.embedding?.finish();
  for (const [what, values] of Object.entries({ scores, embedding })) {
    const bad = values?.findIndex((value) => !Number.isFinite(value)) ?? -1;
    if (bad < 0) continue;
    throw new EarmarkError(
      'model/nan',
      `The ${what} of ${report.path} hold numbers that are not finite (number ${bad} is ${values?.[bad]}). Check "scale" and the front end of the description: the model may see values far from those it was trained on.`,
    );
  }
  report.embedding = Array.from(embedding?.subarray(0, 8) ?? []);
  if (scores === undefined || runner.labels === null) return;
  report.top = Array.from(scores, (score, at) => ({ label: runner.labels?.[at] ?? '', score }))
    .sort((a, b) => b.score - a.score)
    .slice(0, 5);
  const sum = scores.reduce((a, b) => a + b, 0);
  const isDistribution = scores.every((score) => score >= -1e-3 && score <= 1 + 1e-3);
  if (!isDistribution) {
    throw new EarmarkError(
      'model/not-probabilities',
      `The scores of ${report.path} are said to be probabilities but lie between ${Math.min(...scores).toFixed(2)} and ${Math.max(...scores).toFixed(2)} (their sum is ${sum.toFixed(2)}). If they come before a softmax, set "outputs.scores.kind" to "logits".`,
    );
  }
}

/** Whether clips that run together change each other's numbers, as where a model compares with the loudest of a batch. */
async function batchProblem(
  runner: ModelRunner,
  blocks: readonly Blocks[],
): Promise<{ code: string; message: string }[]> {
  const [first] = blocks;
  const same = blocks.filter(
    ({ frames, features }) => frames === first?.frames && features === first.features,
  );
  if (first === undefined || same.length < 2) return [];
  const size = first.data.length;
  const data = new Float32Array(same.length * size);
  for (const [at, block] of same.entries()) data.set(block.data, at * size);
  // Rows that no clip has, so that a state starts anew.
  const keys = same.map((_, at) => -1 - at);
  try {
    const together = await runner.run({ ...first, data, count: same.length }, keys);
    for (const key of keys) runner.forget(key);
    for (const [at, block] of same.entries()) {
      const alone = await runner.run(block, [-1 - at]);
      runner.forget(-1 - at);
      for (const kind of ['scores', 'embedding'] as const) {
        const [joint, single] = [together[kind], alone[kind]];
        if (joint === null || single === null) continue;
        const part = joint.data.subarray(at * single.data.length, (at + 1) * single.data.length);
        const scale = single.data.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
        const isOff = single.data.some((value, i) => Math.abs(value - part[i]!) > BATCH_TOLERANCE * scale);
        if (!isOff) continue;
        return [
          {
            code: 'model/batch-dependent',
            message: `The ${kind} of a clip change when it runs together with others: the model compares over the whole batch. Set "batch": 1 for its first stage.`,
          },
        ];
      }
    }
  } catch (error) {
    const { code, message } = toErrorData(error);
    return [
      {
        code,
        message: `Clips run one by one, but not ${same.length} together: ${message} Set "batch": 1.`,
      },
    ];
  }
  return [];
}
