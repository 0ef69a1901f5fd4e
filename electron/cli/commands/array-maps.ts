// earmark arrays knn | tsne | umap | pca: neighbours and maps of any features, for pipelines that hold arrays already.
import { constants } from 'node:fs';
import { access, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { type MapMethod, mapSettings, mapTitles, metrics } from '../../../shared/domain/embedding.ts';
import { EarmarkError } from '../../../shared/errors.ts';
import type { AnalysisTasks } from '../../ipc/analysis-tasks.ts';
import { type CommonOptions, optionName, wholeNumber, withOutputOptions } from '../options.ts';
import type { Outcome } from '../outcome.ts';
import { type Output, ProgressBar } from '../output.ts';
import { lazyHelpers } from '../session.ts';

interface FeaturesFlags extends CommonOptions {
  features: string;
  out: string;
  threads?: number;
  seed: number;
}

interface KnnFlags extends FeaturesFlags {
  k: number;
  metric: (typeof metrics)[number];
  exact?: boolean;
  distancesOut?: string;
}

interface ProjectFlags extends FeaturesFlags {
  metric: (typeof metrics)[number];
  perplexity?: string;
  iterations?: number;
  neighbours?: number;
  minDist?: string;
}

/** Runs one task of the analysis process; Ctrl+C cancels it. */
async function analyse<Name extends 'neighbours' | 'project'>(
  output: Output,
  task: Name,
  params: AnalysisTasks[Name]['params'],
): Promise<AnalysisTasks[Name]['result']> {
  const { analysis, stop } = lazyHelpers();
  const bar = new ProgressBar(output);
  const abort = new AbortController();
  const interrupt = (): void => abort.abort();
  process.once('SIGINT', interrupt);
  let phase = '';
  try {
    return await analysis.run(task, params, {
      signal: abort.signal,
      killOnCancel: true,
      onItem(item) {
        if (item.phase !== phase) bar.phase(item.phase);
        phase = item.phase;
        bar.progress(item.done, item.total);
      },
    });
  } catch (error) {
    if (!(error instanceof EarmarkError) || error.code !== 'worker/stopped') throw error;
    throw new EarmarkError(
      'worker/stopped',
      `The process that computes stopped (${error.details?.reason ?? 'for no known reason'}); when the memory does not suffice, the system ends it. Nothing was written.`,
      error.details,
    );
  } finally {
    process.off('SIGINT', interrupt);
    bar.end();
    stop();
  }
}

/** Told before anything is computed. @throws EarmarkError `arrays/unwritable`, `usage/arrays`. */
async function requireOutputs(features: string, outputs: readonly (string | undefined)[]): Promise<void> {
  for (const file of outputs.filter((name) => name !== undefined)) {
    if (resolve(file) === resolve(features))
      throw new EarmarkError('usage/arrays', `${file} is the input; choose another file for the output.`);
    await access(dirname(resolve(file)), constants.W_OK).catch(() => {
      throw new EarmarkError(
        'arrays/unwritable',
        `${file} cannot be written: its folder is not there or is read-only. Nothing was computed.`,
      );
    });
  }
}

function withFeatures(command: Command, out: string): Command {
  return withOutputOptions(command)
    .requiredOption('--features <file>', 'N x D float32 .npy')
    .requiredOption('--out <file>', out)
    .addOption(
      new Option('--metric <name>', 'how distance is measured').choices(metrics).default('euclidean'),
    )
    .option('--threads <n>', 'without it one for each core, at most 8', wholeNumber(1))
    .addOption(new Option('--seed <n>', 'random choices').default(0).argParser(wholeNumber(0)));
}

function addKnn(arrays: Command, outcome: Outcome): void {
  withFeatures(
    arrays.command('knn').description('nearest neighbours of every row'),
    'N x k row numbers, int32 .npy',
  )
    .option('-k <n>', 'how many', wholeNumber(1), 15)
    .option('--exact', 'never approximate')
    .option('--distances-out <file>', 'N x k distances, float32 .npy')
    .action((flags: KnnFlags) =>
      outcome.run(flags, async (output) => {
        await requireOutputs(flags.features, [flags.out, flags.distancesOut]);
        const distancesOut = resolve(
          flags.distancesOut ?? join(tmpdir(), `earmark-distances-${process.pid}.npy`),
        );
        try {
          const found = await analyse(output, 'neighbours', {
            features: resolve(flags.features),
            k: flags.k,
            metric: flags.metric,
            method: flags.exact ? 'exact' : 'auto',
            seed: flags.seed,
            threads: flags.threads ?? null,
            indicesOut: resolve(flags.out),
            distancesOut,
          });
          const document = { ...found, recallSample: found.recall, metric: flags.metric, seed: flags.seed };
          output.result(
            document,
            () =>
              `${found.k} neighbours of ${found.n} rows, ${found.method}, in ${found.seconds.toFixed(2)} s. ${found.notes.join(' ')}`,
          );
        } finally {
          if (flags.distancesOut === undefined) await rm(distancesOut, { force: true });
        }
      }),
    );
}

function addProjection(arrays: Command, outcome: Outcome, method: MapMethod): void {
  const command = withFeatures(
    arrays.command(method).description(`${mapTitles[method]} of the rows on a plane`),
    'N x 2 coordinates, float32 .npy',
  );
  if (method === 'tsne') command.option('--perplexity <n>', 'how many neighbours a point minds', '30');
  if (method === 'umap') {
    command
      .option('--neighbours <n>', 'neighbours of a point', wholeNumber(2))
      .option('--min-dist <d>', 'how close points may come', '0.1');
  }
  if (method !== 'pca') command.option('--iterations <n>', 'steps', wholeNumber(1));
  command.action((flags: ProjectFlags) =>
    outcome.run(flags, async (output) => {
      const settings = mapSettings.safeParse({
        method,
        metric: flags.metric,
        seed: flags.seed,
        iterations: flags.iterations ?? null,
        ...(flags.perplexity === undefined ? {} : { perplexity: Number(flags.perplexity) }),
        ...(flags.neighbours === undefined ? {} : { neighbours: flags.neighbours }),
        ...(flags.minDist === undefined ? {} : { minDist: Number(flags.minDist) }),
      });
      if (!settings.success) {
        const [issue] = settings.error.issues;
        throw new EarmarkError('usage/map', `${optionName(issue?.path.join('.') ?? '')}: ${issue?.message}.`);
      }
      await requireOutputs(flags.features, [flags.out]);
      const report = await analyse(output, 'project', {
        ...settings.data,
        features: resolve(flags.features),
        threads: flags.threads ?? null,
        out: resolve(flags.out),
      });
      output.result({ method, ...report, seed: flags.seed }, () => {
        const figures = [
          report.kl === null ? null : `KL ${report.kl.toFixed(4)}`,
          report.trustworthiness === null ? null : `trustworthiness ${report.trustworthiness.toFixed(4)}`,
          report.knnRecall === null ? null : `15-NN recall ${report.knnRecall.toFixed(4)}`,
          report.varianceExplained === null
            ? null
            : `variance kept ${report.varianceExplained.map((share) => share.toFixed(4)).join(' + ')}`,
        ].filter((part) => part !== null);
        return `${report.n} points in ${report.seconds.toFixed(2)} s: ${figures.join(', ')}. ${report.notes.join(' ')}`;
      });
    }),
  );
}

export function addArrayMapCommands(arrays: Command, outcome: Outcome): void {
  addKnn(arrays, outcome);
  for (const method of ['tsne', 'umap', 'pca'] as const) addProjection(arrays, outcome, method);
}
