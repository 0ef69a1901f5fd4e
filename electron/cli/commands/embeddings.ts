// earmark neighbours | classes | map | probabilities | few-shot --project P
import { copyFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { mapMethods, mapSettings, metrics } from '../../../shared/domain/embedding.ts';
import { EarmarkError } from '../../../shared/errors.ts';
import { findMap } from '../../features/embeddings/arrays.ts';
import { trainFewShot } from '../../features/embeddings/few-shot.ts';
import { classGeometryOf } from '../../features/embeddings/geometry.ts';
import { makeMap } from '../../features/embeddings/maps.ts';
import { neighboursOf } from '../../features/embeddings/neighbours.ts';
import { makeProbabilities } from '../../features/embeddings/probabilities.ts';
import { optionName, type ProjectOptions, wholeNumber, withProject } from '../options.ts';
import type { Outcome } from '../outcome.ts';
import { percent, table } from '../output.ts';
import { withSession } from '../session.ts';

interface EmbeddingFlag extends ProjectOptions {
  embedding?: string;
}

interface NeighboursFlags extends EmbeddingFlag {
  clip: string;
  k: number;
}

interface ClassesFlags extends EmbeddingFlag {
  metric: (typeof metrics)[number];
}

interface MapFlags extends EmbeddingFlag {
  method: (typeof mapMethods)[number];
  metric: (typeof metrics)[number];
  perplexity: number;
  iterations?: number;
  neighbours: number;
  minDist: number;
  seed: number;
  out?: string;
}

interface ProbabilitiesFlags extends EmbeddingFlag {
  run: string;
  folds: number;
  by: 'label' | 'speaker';
  seed: number;
}

interface FewShotFlags extends EmbeddingFlag {
  clips: string;
  label: string;
  limit: number;
  falseAcceptRate: number;
  run?: string;
  seed: number;
}

const embeddingOption = (command: Command): Command =>
  command.option('--embedding <name>', 'which embedding; without it the one in use');

const seedOption = (): Option =>
  new Option('--seed <n>', 'random choices').default(0).argParser(wholeNumber(0));

function decimal(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value)) throw new EarmarkError('usage/number', `"${text}" is no number.`);
  return value;
}

const figure = (value: number | null): string => (value === null ? '-' : value.toFixed(3));

function addNeighbours(program: Command, outcome: Outcome): void {
  embeddingOption(withProject(program.command('neighbours').description('the clips nearest to a clip')))
    .requiredOption('--clip <path>', 'path of the clip, as the dataset names it')
    .option('-k <n>', 'how many', wholeNumber(1), 15)
    .action((flags: NeighboursFlags) =>
      outcome.run(flags, async (output) => {
        const { neighbours } = await withSession(
          output,
          { file: flags.project, readOnly: true },
          async ({ project }) =>
            neighboursOf(project, {
              clip: project.clipIdOfPath(flags.clip),
              embedding: flags.embedding ?? null,
              k: flags.k,
            }),
        );
        const document = {
          clip: flags.clip,
          neighbours: neighbours.map(({ path, label, distance }) => ({ path, label, distance })),
        };
        output.result(document, () =>
          table(
            ['path', 'label', 'distance'],
            document.neighbours.map(({ path, label, distance }) => [
              path,
              label,
              Math.round(distance * 1e4) / 1e4,
            ]),
          ),
        );
      }),
    );
}

function addClasses(program: Command, outcome: Outcome): void {
  embeddingOption(withProject(program.command('classes').description('how the classes lie in an embedding')))
    .addOption(new Option('--metric <name>', 'how distance is measured').choices(metrics).default('cosine'))
    .action((flags: ClassesFlags) =>
      outcome.run(flags, async (output) => {
        const { classes, overlaps } = await withSession(
          output,
          { file: flags.project, readOnly: true },
          ({ studio }) =>
            classGeometryOf(studio, { embedding: flags.embedding ?? null, metric: flags.metric }),
        );
        output.result({ classes, overlaps }, () =>
          [
            table(
              ['label', 'n', 'intra', 'nearest', 'inter', 'silhouette', 'purity'],
              classes.map((one) => [
                one.label,
                one.n,
                figure(one.intra),
                one.nearestClass,
                figure(one.inter),
                figure(one.silhouette),
                percent(one.knnPurity),
              ]),
            ),
            ...overlaps.slice(0, 10).map(({ sentence }) => sentence),
          ].join('\n'),
        );
      }),
    );
}

function addMap(program: Command, outcome: Outcome): void {
  embeddingOption(withProject(program.command('map').description('a picture of an embedding on a plane')))
    .addOption(new Option('--method <name>', 'how it is made').choices(mapMethods).default('tsne'))
    .addOption(new Option('--metric <name>', 'how distance is measured').choices(metrics).default('cosine'))
    .option('--perplexity <n>', 't-SNE: how many neighbours a point minds', decimal, 30)
    .option('--iterations <n>', 'steps; without it as many as the method takes', wholeNumber(1))
    .option('--neighbours <n>', 'UMAP: neighbours of a point', wholeNumber(2), 15)
    .option('--min-dist <d>', 'UMAP: how close points may come', decimal, 0.1)
    .addOption(seedOption())
    .option('--out <file>', 'also write the coordinates here, N x 2 float32 .npy')
    .action((flags: MapFlags) =>
      outcome.run(flags, async (output) => {
        const settings = mapSettings.safeParse({ ...flags, iterations: flags.iterations ?? null });
        if (!settings.success) {
          const [issue] = settings.error.issues;
          throw new EarmarkError(
            'usage/map',
            `${optionName(issue?.path.join('.') ?? '')}: ${issue?.message}.`,
          );
        }
        const result = await withSession(
          output,
          { file: flags.project },
          async ({ studio, project, control }) => {
            const made = await makeMap(
              studio,
              { embedding: flags.embedding ?? null, settings: settings.data },
              control,
            );
            if (flags.out !== undefined) {
              const { map } = findMap(project, made.map);
              await copyFile(join(project.catalog.dataFolder, map.file), resolve(flags.out));
            }
            return made;
          },
        );
        output.result(
          result,
          () =>
            `${result.method} of ${result.n} clips in ${result.seconds.toFixed(1)} s: trustworthiness ${figure(result.trustworthiness)}, ${percent(result.knnRecall)} of 15 neighbours kept. ${result.notes.join(' ')}`,
        );
      }),
    );
}

function addProbabilities(program: Command, outcome: Outcome): void {
  embeddingOption(
    withProject(
      program
        .command('probabilities')
        .description('a run of out-of-sample probabilities, by logistic regression on an embedding'),
    ),
  )
    .requiredOption('--run <name>', 'name of the run')
    .option('--folds <n>', 'how many parts', wholeNumber(2), 5)
    .addOption(
      new Option('--by <what>', 'what the parts keep apart').choices(['label', 'speaker']).default('label'),
    )
    .addOption(seedOption())
    .action((flags: ProbabilitiesFlags) =>
      outcome.run(flags, async (output) => {
        const { run, folds, by, seed } = flags;
        const result = await withSession(output, { file: flags.project }, ({ studio, control }) =>
          makeProbabilities(studio, { embedding: flags.embedding ?? null, run, folds, by, seed }, control),
        );
        output.result(result, () =>
          [`${result.clips} clips in ${result.folds} folds.`, ...result.notes].join('\n'),
        );
      }),
    );
}

function addFewShot(program: Command, outcome: Outcome): void {
  embeddingOption(
    withProject(program.command('few-shot').description('find a new word from a few examples of it')),
  )
    .requiredOption('--clips <paths>', 'paths of the examples, separated by commas')
    .requiredOption('--label <name>', 'the word')
    .option('--limit <n>', 'at most so many candidates', wholeNumber(1), 100)
    .option('--false-accept-rate <share>', 'other clips that the threshold may let through', decimal, 0.01)
    .option('--run <name>', 'keep the scores as a run')
    .addOption(seedOption())
    .action((flags: FewShotFlags) =>
      outcome.run(flags, async (output) => {
        const result = await withSession(output, { file: flags.project }, ({ studio, project, control }) =>
          trainFewShot(
            studio,
            {
              embedding: flags.embedding ?? null,
              label: flags.label,
              clips: flags.clips.split(',').map((path) => project.clipIdOfPath(path.trim())),
              falseAcceptRate: flags.falseAcceptRate,
              limit: flags.limit,
              seed: flags.seed,
              run: flags.run ?? null,
            },
            control,
          ),
        );
        const document = {
          ...result,
          candidates: result.candidates.map(({ path, label, score }) => ({ path, label, score })),
          seed: flags.seed,
        };
        output.result(document, () =>
          [
            `${result.found} candidates from ${figure(result.threshold)} on; ${percent(result.falseAcceptRate)} of ${result.heldOut} other clips pass.`,
            `Left out in turn, ${result.leaveOneOut.filter(({ isFound }) => isFound).length} of ${result.leaveOneOut.length} examples are found.`,
            ...result.notes,
            table(
              ['path', 'label', 'score'],
              document.candidates.map(({ path, label, score }) => [
                path,
                label,
                Math.round(score * 1e4) / 1e4,
              ]),
            ),
          ].join('\n'),
        );
      }),
    );
}

export function addEmbeddingCommands(program: Command, outcome: Outcome): void {
  addMap(program, outcome);
  addNeighbours(program, outcome);
  addClasses(program, outcome);
  addProbabilities(program, outcome);
  addFewShot(program, outcome);
}
