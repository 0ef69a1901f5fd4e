// earmark arrays label-issues | metrics (knn, tsne, umap, pca: array-maps.ts): the algorithms alone, on arrays that a pipeline holds already. No project.
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { type LabelIssueMethod, labelIssueMethods } from '../../../shared/domain/flag.ts';
import { EarmarkError } from '../../../shared/errors.ts';
import {
  findLabelIssues,
  type LabelQualityMethod,
  labelQuality,
  labelQualityMethods,
} from '../../compute/index.ts';
import { arrayMetrics } from '../../features/metrics.ts';
import { npyToFloat32, npyToInt32, parseNpy, writeNpyFile } from '../../formats/index.ts';
import { type CommonOptions, withOutputOptions } from '../options.ts';
import type { Outcome } from '../outcome.ts';
import { addArrayMapCommands } from './array-maps.ts';
import { metricsText, zeroDivisionOf } from './metrics.ts';

async function bytesOf(file: string): Promise<Uint8Array> {
  return readFile(resolve(file)).catch((error: NodeJS.ErrnoException) => {
    throw new EarmarkError(
      'arrays/unreadable',
      `${file} cannot be read: ${error.code === 'ENOENT' ? 'it is not there' : error.message}.`,
    );
  });
}

/** N class numbers from an .npy file, or one per line of a text file (a header line is passed over). */
export async function readLabels(file: string): Promise<Int32Array> {
  const bytes = await bytesOf(file);
  if (file.toLowerCase().endsWith('.npy')) {
    const array = parseNpy(bytes, basename(file));
    if (array.shape.length !== 1) {
      throw new EarmarkError(
        'arrays/shape',
        `${basename(file)} has the shape (${array.shape.join(', ')}); one class number per item is expected.`,
      );
    }
    return npyToInt32(array, basename(file));
  }
  const lines = new TextDecoder('utf-8', { fatal: false }).decode(bytes).split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  const first = lines[0] ?? '';
  const values = /^\s*-?\d+\s*$/.test(first) ? lines : lines.slice(1);
  const skipped = lines.length - values.length;
  return Int32Array.from(values, (line, index) => {
    if (!/^\s*-?\d+\s*$/.test(line)) {
      throw new EarmarkError(
        'arrays/labels',
        `${basename(file)}, line ${index + 1 + skipped}: "${line}" is no class number. One whole number per line is expected.`,
      );
    }
    return Number(line);
  });
}

async function readProbabilities(file: string, items: number): Promise<{ probs: Float32Array; k: number }> {
  const array = parseNpy(await bytesOf(file), basename(file));
  const [n = 0, k = 0] = array.shape;
  if (array.shape.length !== 2 || n !== items) {
    throw new EarmarkError(
      'arrays/shape',
      `${basename(file)} has the shape (${array.shape.join(', ')}); ${items} labels need (${items}, classes).`,
    );
  }
  return { probs: npyToFloat32(array), k };
}

interface LabelIssueFlags extends CommonOptions {
  labels: string;
  probs: string;
  filterBy: LabelIssueMethod;
  rankBy: LabelQualityMethod;
  scoresOut?: string;
}

interface MetricsFlags extends CommonOptions {
  labels: string;
  probs?: string;
  pred?: string;
  zeroDivision?: string;
}

export function addArrayCommands(program: Command, outcome: Outcome): void {
  const arrays = program.command('arrays').description('the algorithms alone, on .npy arrays');
  addArrayMapCommands(arrays, outcome);

  withOutputOptions(arrays.command('label-issues').description('likely wrong labels by confident learning'))
    .requiredOption('--labels <file>', 'N class numbers, .npy or text')
    .requiredOption('--probs <file>', 'N x K probabilities, .npy')
    .addOption(
      new Option('--filter-by <method>', 'which items are issues')
        .choices(labelIssueMethods)
        .default('prune_by_noise_rate'),
    )
    .addOption(
      new Option('--rank-by <score>', 'which score ranks them')
        .choices(labelQualityMethods)
        .default('self_confidence'),
    )
    .option('--scores-out <file>', 'write the score of every item, float32 .npy')
    .action((flags: LabelIssueFlags) =>
      outcome.run(flags, async (output) => {
        const labels = await readLabels(flags.labels);
        const { probs, k } = await readProbabilities(flags.probs, labels.length);
        const input = { labels, probs, n: labels.length, k };
        const found = findLabelIssues(input, { filterBy: flags.filterBy, rankBy: flags.rankBy });
        if (flags.scoresOut !== undefined) {
          await writeNpyFile(resolve(flags.scoresOut), Float32Array.from(labelQuality(input, flags.rankBy)));
        }
        const joint = Array.from({ length: k }, (_, given) => [
          ...found.confidentJoint.subarray(given * k, (given + 1) * k),
        ]);
        const document = {
          n: found.n,
          k,
          thresholds: [...found.thresholds],
          confidentJoint: joint,
          issues: [...found.issues],
          ranked: [...found.ranked],
          ...(flags.scoresOut === undefined ? {} : { scores: flags.scoresOut }),
        };
        output.result(
          document,
          () =>
            `${found.issues.length} of ${found.n} items are likely mislabelled. Worst first: ${[...found.ranked.subarray(0, 20)].join(', ')}`,
        );
      }),
    );

  withOutputOptions(arrays.command('metrics').description('accuracy, precision, recall and the rest'))
    .requiredOption('--labels <file>', 'N class numbers, .npy or text')
    .option('--probs <file>', 'N x K probabilities, .npy')
    .option('--pred <file>', 'N predicted class numbers, .npy or text')
    .option('--zero-division <value>', "0: undefined figures count as 0, as scikit-learn's zero_division=0")
    .action((flags: MetricsFlags) =>
      outcome.run(flags, async (output) => {
        const given = await readLabels(flags.labels);
        if (flags.probs === undefined && flags.pred === undefined) {
          throw new EarmarkError('usage/metrics', 'Give --probs or --pred.');
        }
        const probabilities =
          flags.probs === undefined ? null : await readProbabilities(flags.probs, given.length);
        const predicted = flags.pred === undefined ? null : await readLabels(flags.pred);
        if (predicted !== null && predicted.length !== given.length) {
          throw new EarmarkError(
            'arrays/shape',
            `There are ${given.length} labels and ${predicted.length} predictions; each item needs both.`,
          );
        }
        const document = arrayMetrics({
          given,
          predicted,
          probabilities,
          zeroDivision: zeroDivisionOf(flags.zeroDivision),
        });
        output.result(document, () => metricsText(document));
      }),
    );
}
