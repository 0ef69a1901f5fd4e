// earmark metrics --run R --project P
import type { Command } from 'commander';
import { EarmarkError } from '../../../shared/errors.ts';
import { metricsDocument, metricsOf } from '../../features/metrics.ts';
import { type ProjectOptions, withProject } from '../options.ts';
import type { Outcome } from '../outcome.ts';
import { percent, table } from '../output.ts';
import { withSession } from '../session.ts';

interface MetricsFlags extends ProjectOptions {
  run: string;
  filter: string;
  zeroDivision?: string;
}

export function zeroDivisionOf(text: string | undefined): 0 | undefined {
  if (text === undefined) return undefined;
  if (text === '0') return 0;
  throw new EarmarkError(
    'usage/zero-division',
    '--zero-division takes 0 only: undefined figures then count as 0.',
  );
}

export function addMetricsCommand(program: Command, outcome: Outcome): void {
  withProject(program.command('metrics').description('how well a run does, class by class'))
    .requiredOption('--run <name>', 'name of the run')
    .option('--filter <expression>', 'which clips, as in the filter bar', '')
    .option('--zero-division <value>', "0: undefined figures count as 0, as scikit-learn's zero_division=0")
    .action((flags: MetricsFlags) =>
      outcome.run(flags, async (output) => {
        const zeroDivision = zeroDivisionOf(flags.zeroDivision);
        const document = await withSession(output, { file: flags.project }, async ({ project }) =>
          metricsDocument(metricsOf(project, { run: flags.run, filter: flags.filter, zeroDivision })),
        );
        output.result(document, () => metricsText(document));
      }),
    );
}

export function metricsText(document: ReturnType<typeof metricsDocument>): string {
  const interval = document.accuracyInterval;
  return [
    `accuracy ${percent(document.accuracy)}${interval ? ` (${percent(interval[0])} to ${percent(interval[1])})` : ''}, n = ${document.n}; macro F1 ${percent(document.macroF1)}`,
    '',
    table(
      ['label', 'support', 'precision', 'recall', 'F1'],
      document.classes.map(({ label, support, precision, recall, f1 }) => [
        label,
        support,
        percent(precision),
        percent(recall),
        percent(f1),
      ]),
    ),
  ].join('\n');
}
