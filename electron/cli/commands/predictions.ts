// earmark predictions FILE --run R --project P
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { importPredictions } from '../../features/runs.ts';
import { type ProjectOptions, withProject } from '../options.ts';
import type { Outcome } from '../outcome.ts';
import { withSession } from '../session.ts';

interface PredictionsFlags extends ProjectOptions {
  run: string;
  labels?: string;
  clips?: string;
  softmax?: boolean;
}

export function addPredictionsCommand(program: Command, outcome: Outcome): void {
  withProject(program.command('predictions <file>').description("bring a model's predictions in"))
    .requiredOption('--run <name>', 'name of the run')
    .option('--labels <file>', 'class names, one per line, for a probability array')
    .option(
      '--clips <file>',
      'clip names, one per line or a table with a path column, for a probability array',
    )
    .option('--softmax', 'the numbers are logits: turn them into probabilities')
    .action((file: string, flags: PredictionsFlags) =>
      outcome.run(flags, async (output) => {
        const result = await withSession(output, { file: flags.project }, ({ studio, control }) =>
          importPredictions(
            studio,
            {
              source: resolve(file),
              labelsFile: flags.labels === undefined ? null : resolve(flags.labels),
              clipsFile: flags.clips === undefined ? null : resolve(flags.clips),
              softmax: flags.softmax ?? false,
              run: flags.run,
            },
            control,
          ),
        );
        output.result(result, () =>
          [
            `${result.matched} of ${result.rows} rows matched a clip; ${result.clipsWithout.count} clips have no prediction.`,
            ...(result.unmatchedRows.count > 0
              ? [`Unmatched: ${result.unmatchedRows.examples.join(', ')}`]
              : []),
            ...result.problems.map(({ message, count }) => `${message} (${count})`),
          ].join('\n'),
        );
      }),
    );
}
