// earmark relabel | undo | redo | history

import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { EarmarkError } from '../../../shared/errors.ts';
import { history } from '../../catalog/index.ts';
import { redo, relabelClips, undo } from '../../features/decisions.ts';
import { type ProjectOptions, wholeNumber, withProject } from '../options.ts';
import type { Outcome } from '../outcome.ts';
import { exitCodes, table } from '../output.ts';
import { type Session, withSession } from '../session.ts';

interface RelabelFlags extends ProjectOptions {
  clip?: string;
  label?: string;
  decisions?: string;
  by: string;
  reason?: string;
}

/** One wanted label, by clip path; null takes the label away. */
interface WantedLabel {
  readonly path: string;
  readonly label: string | null;
  readonly reason: string | null;
}

async function wantedLabels(session: Session, flags: RelabelFlags): Promise<WantedLabel[]> {
  if (flags.clip !== undefined && flags.label !== undefined) {
    return [{ path: flags.clip, label: flags.label, reason: flags.reason ?? null }];
  }
  if (flags.decisions === undefined || flags.clip !== undefined || flags.label !== undefined) {
    throw new EarmarkError('usage/relabel', 'Give --clip with --label, or --decisions with a file.');
  }
  const file = resolve(flags.decisions);
  if (!(await stat(file).catch(() => null)))
    throw new EarmarkError('decisions/missing', `"${flags.decisions}" is not there. Nothing was changed.`);
  const wanted: WantedLabel[] = [];
  await session.studio.worker.run(
    'labels',
    { source: file },
    {
      onItem: (rows) => {
        for (const { path, label, reason } of rows)
          wanted.push({ path, label, reason: reason ?? flags.reason ?? null });
      },
    },
  );
  return wanted;
}

const eventColumns = ['id', 'clip', 'field', 'from', 'to', 'by', 'at', 'reason', 'batch', 'undoes'];

export function addDecisionCommands(program: Command, outcome: Outcome): void {
  withProject(program.command('relabel').description('give clips another label'))
    .option('--clip <path>', 'the clip, as named in the dataset')
    .option('--label <label>', 'its label')
    .option('--decisions <file>', 'CSV, TSV or JSONL with path and label (and reason)')
    .requiredOption('--by <who>', 'who decides')
    .option('--reason <text>', 'why')
    .action((flags: RelabelFlags) =>
      outcome.run(flags, async (output) => {
        const result = await withSession(output, { file: flags.project }, async (session) =>
          relabelClips(session.project, await wantedLabels(session, flags), flags.by),
        );
        output.result(result, () =>
          [
            `${result.applied} applied, ${result.unchanged} unchanged, ${result.failed.length} failed.`,
            ...result.failed.map(({ path, message }) => `${path}: ${message}`),
          ].join('\n'),
        );
        const isNoneUsable = result.failed.length > 0 && result.applied + result.unchanged === 0;
        return isNoneUsable ? exitCodes.input : exitCodes.done;
      }),
    );

  withProject(program.command('undo').description('take the last decision back'))
    .option('--batch <id>', 'this one instead of the last')
    .option('--by <who>', 'who decides')
    .action((flags: ProjectOptions & { batch?: string; by?: string }) =>
      outcome.run(flags, async (output) => {
        const result = await withSession(output, { file: flags.project }, async ({ project }) =>
          undo(project, flags.by ?? project.by(), flags.batch),
        );
        output.result(
          result,
          () =>
            `${result.description} (${result.events.length} changes${result.leftAlone > 0 ? `, ${result.leftAlone} left alone` : ''})`,
        );
      }),
    );

  withProject(program.command('redo').description('decide again what was taken back'))
    .option('--by <who>', 'who decides')
    .action((flags: ProjectOptions & { by?: string }) =>
      outcome.run(flags, async (output) => {
        const result = await withSession(output, { file: flags.project }, async ({ project }) =>
          redo(project, flags.by ?? project.by()),
        );
        output.result(result, () => `${result.description} (${result.events.length} changes)`);
      }),
    );

  withProject(program.command('history').description('the record of decisions, newest first'))
    .option('--clip <path>', 'of one clip')
    .option('--limit <n>', 'at most so many', wholeNumber(1), 1_000_000)
    .action((flags: ProjectOptions & { clip?: string; limit: number }) =>
      outcome.run(flags, async (output) => {
        const document = await withSession(output, { file: flags.project }, async ({ project }) =>
          history(project.catalog, {
            ...(flags.clip === undefined ? {} : { clipId: project.clipIdOfPath(flags.clip) }),
            limit: flags.limit,
          }),
        );
        output.result({ events: document.events, total: document.total }, () =>
          table(
            eventColumns,
            document.events.map((event) =>
              eventColumns.map(
                (column) => (event as unknown as Record<string, string | null>)[column] ?? null,
              ),
            ),
          ),
        );
      }),
    );
}
