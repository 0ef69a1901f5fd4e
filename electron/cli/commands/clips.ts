// earmark clips --project P
import type { Command } from 'commander';
import { splitTerms } from '../../../shared/filter/index.ts';
import { clipsJson } from '../../features/clips.ts';
import { type ProjectOptions, wholeNumber, withProject } from '../options.ts';
import type { Outcome } from '../outcome.ts';
import { table } from '../output.ts';
import { withSession } from '../session.ts';

interface ClipsFlags extends ProjectOptions {
  filter: string;
  fields?: string;
  sort?: string;
  limit?: number;
  offset: number;
}

const shownFields = ['path', 'label', 'split', 'speaker', 'durationSec'];

export function addClipsCommand(program: Command, outcome: Outcome): void {
  withProject(program.command('clips').description('list clips'))
    .option('--filter <expression>', 'which clips, as in the filter bar', '')
    .option('--fields <names>', 'comma-separated fields')
    .option('--sort <field>', 'sort by a field; -field = largest first')
    .option('--limit <n>', 'at most so many', wholeNumber(0))
    .option('--offset <n>', 'leave out the first n', wholeNumber(0), 0)
    .action((flags: ClipsFlags) =>
      outcome.run(flags, async (output) => {
        const fields = flags.fields === undefined ? undefined : splitTerms(flags.fields);
        const document = await withSession(output, { file: flags.project }, async ({ project }) =>
          clipsJson(project.set, {
            filter: flags.filter,
            fields: fields ?? (output.isJson ? null : shownFields),
            sort:
              flags.sort === undefined
                ? null
                : { field: flags.sort.replace(/^-/, ''), descending: flags.sort.startsWith('-') },
            limit: flags.limit ?? (output.isJson ? null : 50),
            offset: flags.offset,
          }),
        );
        output.result(document, () => {
          const columns = fields ?? shownFields;
          const rows = document.clips.map((clip) =>
            columns.map((field) => cell((clip as Record<string, unknown>)[field])),
          );
          return `${table(columns, rows)}\n${document.clips.length} of ${document.total} clips`;
        });
      }),
    );
}

function cell(value: unknown): string | number | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Math.round(value * 1000) / 1000;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
