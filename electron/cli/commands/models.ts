// earmark run | embed --project P: a model over every clip, whole or in parts that --merge puts together.
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { type BuiltinModel, builtinModels } from '../../../shared/domain/embedding.ts';
import { EarmarkError } from '../../../shared/errors.ts';
import type { JobControl, Studio } from '../../features/context.ts';
import { builtinEmbeddings } from '../../features/embeddings/builtin.ts';
import { type EmbedResult, makeEmbedding, refuseTaken } from '../../features/embeddings/make.ts';
import { mergeEmbedding } from '../../features/embeddings/merge-shards.ts';
import { makeShard, parseShard, type ShardCard, type ShardInput } from '../../features/embeddings/shards.ts';
import { namedModel, type RunnableModel, requireDryRun } from '../../features/models/models.ts';
import { type ModelRunResult, mergeRun, refuseWanted, runModel } from '../../features/models/run.ts';
import { type ProjectOptions, wholeNumber, withProject } from '../options.ts';
import type { Outcome } from '../outcome.ts';
import type { Output } from '../output.ts';
import { type Session, withSession } from '../session.ts';

interface PartFlags extends ProjectOptions {
  model?: string;
  shard?: string;
  out?: string;
  merge?: string[];
  threads?: number;
}

interface RunFlags extends PartFlags {
  run?: string;
  embedding?: string;
}

interface EmbedFlags extends PartFlags {
  name?: string;
}

/** Failed clips named on stderr; the document counts them all. */
const NAMED_FAILURES = 10;

function withParts(command: Command): Command {
  return command
    .option(
      '--shard <i/n>',
      'only the i-th of n parts of the clips, to --out; changes nothing in the project',
    )
    .option('--out <file>', 'with --shard: its rows, .npy; what they are goes to FILE.json')
    .option('--merge <files...>', 'put parts together that --shard made, instead of running the model')
    .option('--threads <n>', 'without it one for each core, at most 4', wholeNumber(1));
}

function refuseUsage(sentence: string): never {
  throw new EarmarkError('usage/arguments', sentence);
}

/** What of the options excludes what. @throws EarmarkError `usage/arguments`. */
function checkParts({ model, shard, out, merge }: PartFlags): void {
  if (merge !== undefined && (shard ?? out ?? model) !== undefined)
    refuseUsage('--merge goes without --model, --shard and --out: it only puts together what is there.');
  if ((shard === undefined) !== (out === undefined))
    refuseUsage('--shard i/n and --out FILE.npy go together.');
  if (out !== undefined && !out.endsWith('.npy'))
    refuseUsage(`--out takes a file that ends in .npy; "${out}" does not.`);
}

/** Failures go to stderr; a model process that died is told with the way to go on. */
async function withModels<Result>(
  output: Output,
  options: { readonly file: string; readonly readOnly?: boolean },
  run: (session: Session) => Promise<Result>,
): Promise<Result> {
  let failures = 0;
  try {
    return await withSession(output, options, (session) => {
      const control: JobControl = {
        ...session.control,
        failure({ message }) {
          failures++;
          if (failures <= NAMED_FAILURES) output.notice(message);
        },
      };
      return run({ ...session, control });
    });
  } catch (error) {
    if (!(error instanceof EarmarkError) || error.code !== 'worker/stopped') throw error;
    throw new EarmarkError(
      'worker/stopped',
      `The process that runs the model stopped (${error.details?.reason ?? 'for no known reason'}). The clips that were done are kept: the same command again goes on with the others.`,
      error.details,
    );
  } finally {
    if (failures > NAMED_FAILURES) output.notice(`And ${failures - NAMED_FAILURES} more failed.`);
  }
}

/** A model file is a program; naming it in a command is what trusts it. */
async function modelOfFile(output: Output, studio: Studio, file: string): Promise<RunnableModel> {
  const path = resolve(file);
  const model = await namedModel(studio, path).catch((error: unknown) => {
    throw error instanceof EarmarkError && error.code === 'model/no-description'
      ? withSuggestion(output, path, error)
      : error;
  });
  output.notice(`${file} is trusted because it was named; a model file is a program.`);
  return model;
}

/** The same error, and the suggested description for people to look at. */
function withSuggestion(output: Output, path: string, error: EarmarkError): EarmarkError {
  const { suggestion, guesses, descriptionFile } = error.details ?? {};
  const target = join(dirname(path), String(descriptionFile));
  if (!output.isJson) {
    const lines = Array.isArray(guesses) ? guesses.map((guess) => `- ${guess}`) : [];
    output.notice(
      [
        `A description to check and to write to ${target}:`,
        JSON.stringify(suggestion, null, 2),
        ...lines,
      ].join('\n'),
    );
  }
  return new EarmarkError(
    error.code,
    `${error.message} A suggestion comes with this error: check it and write it to ${target}.`,
    { ...error.details, descriptionPath: target },
  );
}

type Chosen = Pick<ShardInput, 'model' | 'source'> & { readonly name: string };

/** A built-in model by its name, or a person's own by its file. */
async function chooseModel(output: Output, { studio, control }: Session, text: string): Promise<Chosen> {
  const offered = builtinEmbeddings(studio).map(({ name }): BuiltinModel => name);
  const name = text === 'builtin' ? offered[0] : offered.find((one) => one === text);
  if (name !== undefined) {
    const builtin = { kind: 'builtin', name } as const;
    return { name, model: builtin, source: builtin };
  }
  if (!/\.(json|onnx)$/i.test(text)) {
    throw new EarmarkError(
      'usage/model',
      `"${text}" is none of ${offered.join(', ')}, and no file of a model (.json or .onnx).`,
    );
  }
  const model = await modelOfFile(output, studio, text);
  await requireDryRun(studio, model, control.signal);
  return { name: model.made.name, model: model.made, source: model.source };
}

async function computeShard(
  { studio, control }: Session,
  flags: PartFlags,
  input: Pick<ShardInput, 'holds' | 'model' | 'source'>,
): Promise<ShardCard> {
  return makeShard(
    studio,
    {
      ...input,
      shard: parseShard(flags.shard ?? ''),
      out: resolve(flags.out ?? ''),
      threads: flags.threads ?? null,
    },
    control,
  );
}

function tellShard(output: Output, { shard, out }: PartFlags, card: ShardCard): void {
  const { holds, model, from, to, total, width, labels, failed, computed } = card;
  const document = {
    shard,
    out,
    holds,
    model,
    from,
    to,
    total,
    clips: to - from,
    failed,
    width,
    labels,
    ...computed,
  };
  output.result(
    document,
    () =>
      `${out}: rows ${from} to ${to - 1} of ${total}, ${width} numbers each, by ${computed.backend}; ${failed} failed.`,
  );
}

function tellRun(output: Output, result: ModelRunResult): void {
  output.result(result, () => {
    const { clips, failed, backend, msPerClip, seconds, notes } = result;
    const pace =
      msPerClip === null
        ? ''
        : `, ${msPerClip.median.toFixed(1)} ms a clip (95% under ${msPerClip.p95.toFixed(1)})`;
    return [
      `${[result.run, result.embedding].filter((name) => name !== null).join(', ')}: ${clips} clips by ${backend}${pace} in ${seconds.toFixed(1)} s; ${failed} failed.`,
      ...notes,
    ].join('\n');
  });
}

function tellEmbedding(output: Output, result: EmbedResult): void {
  output.result(result, () =>
    [
      `${result.embedding}: ${result.clips} clips, ${result.dimensions} numbers each, by ${result.backend} in ${result.seconds.toFixed(1)} s; ${result.failed} failed.`,
      ...result.notes,
    ].join('\n'),
  );
}

function addRun(program: Command, outcome: Outcome): void {
  const command = withProject(program.command('run').description('a model of your own over every clip'))
    .option('--model <file>', 'its description (.json), or the model with its description beside it')
    .option('--run <name>', 'name of the run, which gets the scores')
    .option('--embedding <name>', 'name of an embedding, where the model gives one');
  withParts(command).action((flags: RunFlags) =>
    outcome.run(flags, async (output) => {
      checkParts(flags);
      const { merge, shard, run = null, embedding = null } = flags;
      if (merge !== undefined) {
        if (run === null || embedding !== null)
          refuseUsage('--merge takes --run NAME; parts of an embedding go to "earmark embed --merge".');
        const files = merge.map((file) => resolve(file));
        const result = await withModels(output, { file: flags.project }, ({ studio, control }) =>
          mergeRun(studio, { run, files }, control),
        );
        return tellRun(output, result);
      }
      const { model: file } = flags;
      if (file === undefined) refuseUsage('--model FILE names the model to run.');
      if (shard !== undefined) {
        if (embedding !== null)
          refuseUsage('A part holds scores or an embedding: use "earmark embed --shard" for the embedding.');
        parseShard(shard);
        const card = await withModels(output, { file: flags.project, readOnly: true }, async (session) => {
          const { made, source } = await modelOfFile(output, session.studio, file);
          await requireDryRun(session.studio, { made, source }, session.control.signal);
          return computeShard(session, flags, { holds: 'scores', model: made, source });
        });
        return tellShard(output, flags, card);
      }
      if (run === null && embedding === null)
        refuseUsage('--run NAME for the scores, --embedding NAME, or both, say what is to be made.');
      const result = await withModels(output, { file: flags.project }, async ({ studio, control }) => {
        const wanted = { run, embedding, threads: flags.threads ?? null };
        refuseWanted(studio.project(), wanted);
        const model = await modelOfFile(output, studio, file);
        await requireDryRun(studio, model, control.signal);
        return runModel(studio, model, wanted, control);
      });
      return tellRun(output, result);
    }),
  );
}

function addEmbed(program: Command, outcome: Outcome): void {
  const command = withProject(
    program.command('embed').description('numbers for every clip, by which alike clips lie close'),
  )
    .option(
      '--model <name>',
      `builtin (the default), one of ${builtinModels.join(', ')}, or the file of your own`,
    )
    .option('--name <name>', 'name of the embedding; without it that of the model');
  withParts(command).action((flags: EmbedFlags) =>
    outcome.run(flags, async (output) => {
      checkParts(flags);
      const { merge, shard, name = null, model = 'builtin', threads = null } = flags;
      if (merge !== undefined) {
        const files = merge.map((file) => resolve(file));
        const result = await withModels(output, { file: flags.project }, ({ studio, control }) =>
          mergeEmbedding(studio, { name, files }, control),
        );
        return tellEmbedding(output, result);
      }
      if (shard !== undefined) {
        if (name !== null) refuseUsage('--name goes with --merge; a part has no name.');
        parseShard(shard);
        const card = await withModels(output, { file: flags.project, readOnly: true }, async (session) => {
          const chosen = await chooseModel(output, session, model);
          return computeShard(session, flags, { holds: 'embedding', ...chosen });
        });
        return tellShard(output, flags, card);
      }
      const result = await withModels(output, { file: flags.project }, async (session) => {
        const { studio, control } = session;
        if (name !== null) refuseTaken(studio.project(), name);
        const chosen = await chooseModel(output, session, model);
        return makeEmbedding(studio, { ...chosen, name: name ?? chosen.name, threads }, control);
      });
      return tellEmbedding(output, result);
    }),
  );
}

export function addModelCommands(program: Command, outcome: Outcome): void {
  addRun(program, outcome);
  addEmbed(program, outcome);
}
