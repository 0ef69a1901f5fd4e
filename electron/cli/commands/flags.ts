// earmark flags --project P
import { type Command, Option } from 'commander';
import { flagKinds, flagStatuses, labelIssueMethods } from '../../../shared/domain/flag.ts';
import { EarmarkError } from '../../../shared/errors.ts';
import { findFlags, flagsSummary, selectFlags } from '../../features/flags.ts';
import { type ProjectOptions, repeated, wholeNumber, withProject } from '../options.ts';
import type { Outcome } from '../outcome.ts';
import { exitCodes, table } from '../output.ts';
import { withSession } from '../session.ts';

interface FlagsFlags extends ProjectOptions {
  kind?: string[];
  run?: string;
  embedding?: string;
  method?: (typeof labelIssueMethods)[number];
  status?: (typeof flagStatuses)[number] | 'all';
  filter: string;
  limit?: number;
  failOn?: string;
}

/** `kind=count,...`: how many open flags of a kind are too many. */
function parseFailOn(text: string): Map<string, number> {
  const limits = new Map<string, number>();
  for (const part of text.split(',')) {
    const [kind = '', count = ''] = part.split('=');
    if (!(flagKinds as readonly string[]).includes(kind) || !/^\d+$/.test(count)) {
      throw new EarmarkError(
        'usage/fail-on',
        `--fail-on takes kind=count, comma-separated; "${part}" is none. Kinds: ${flagKinds.join(', ')}.`,
      );
    }
    limits.set(kind, Number(count));
  }
  return limits;
}

export function addFlagsCommand(program: Command, outcome: Outcome): void {
  withProject(program.command('flags').description('find and list what may be wrong with clips'))
    .option('--kind <kind>', `one of ${flagKinds.join(', ')}; several times`, repeated)
    .option('--run <name>', 'find likely wrong labels with this run')
    .option('--embedding <name>', 'find what neighbours say by this embedding')
    .addOption(new Option('--method <name>', 'how likely wrong labels are chosen').choices(labelIssueMethods))
    .addOption(
      new Option('--status <status>', 'only flags of this status')
        .choices([...flagStatuses, 'all'])
        .default('open'),
    )
    .option('--filter <expression>', 'which clips, as in the filter bar', '')
    .option('--limit <n>', 'at most so many flags', wholeNumber(0))
    .option('--fail-on <kind=count,...>', 'exit with 1 when a kind has that many open flags or more')
    .action((flags: FlagsFlags) =>
      outcome.run(flags, async (output) => {
        const unknown = flags.kind?.find((kind) => !(flagKinds as readonly string[]).includes(kind));
        if (unknown !== undefined)
          throw new EarmarkError('usage/kind', `"${unknown}" is no kind of flag: ${flagKinds.join(', ')}.`);
        const failOn = flags.failOn === undefined ? new Map<string, number>() : parseFailOn(flags.failOn);
        const { counts, found, total } = await withSession(
          output,
          { file: flags.project },
          async ({ studio, project, control }) => {
            if (!project.catalog.isReadOnly)
              await findFlags(
                studio,
                project,
                { run: flags.run, method: flags.method, embedding: flags.embedding },
                control,
              );
            const kinds = flagKinds.filter((kind) => flags.kind?.includes(kind) ?? true);
            const status = flags.status === 'all' || flags.status === undefined ? null : flags.status;
            const selected = selectFlags(project, { kinds, status, filter: flags.filter });
            const limit = flags.limit ?? (output.isJson ? selected.length : 30);
            return { counts: flagsSummary(project), found: selected.slice(0, limit), total: selected.length };
          },
        );
        const document = {
          counts: Object.fromEntries(counts.map(({ kind, ...rest }) => [kind, rest])),
          total,
          flags: found.map(({ path, kind, score, reason, evidence, proposed, status }) => ({
            path,
            kind,
            score,
            reason,
            evidence,
            proposed,
            status,
          })),
        };
        // Said where it differs from row to row.
        const hasStatus = flags.status === 'all';
        output.result(document, () =>
          [
            table(
              ['kind', 'open', 'accepted', 'fixed', 'dismissed'],
              counts.map(({ kind, open, accepted, fixed, dismissed }) => [
                kind,
                open,
                accepted,
                fixed,
                dismissed,
              ]),
            ),
            '',
            table(
              ['path', 'kind', ...(hasStatus ? ['status'] : []), 'score', 'reason'],
              document.flags.map(({ path, kind, score, reason, status }) => [
                path,
                kind,
                ...(hasStatus ? [status] : []),
                Math.round(score * 1000) / 1000,
                reason,
              ]),
            ),
            `${document.flags.length} of ${total} flags`,
          ].join('\n'),
        );
        const isOver = counts.some(
          ({ kind, open }) => open >= (failOn.get(kind) ?? Number.POSITIVE_INFINITY),
        );
        return isOver ? exitCodes.findings : exitCodes.done;
      }),
    );
}
