// earmark export --format F --out DIR --project P
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { exportFormats } from '../../../shared/contract/exports.ts';
import { type ExportInput, exportProject } from '../../features/exports.ts';
import { type ProjectOptions, withProject } from '../options.ts';
import type { Outcome } from '../outcome.ts';
import { withSession } from '../session.ts';

interface ExportFlags extends ProjectOptions {
  format: ExportInput['format'];
  out: string;
  filter: string;
  audio: ExportInput['audio'];
  keepUnusable?: boolean;
  overwrite?: boolean;
}

export function addExportCommand(program: Command, outcome: Outcome): void {
  withProject(program.command('export').description('give the corrected dataset out'))
    .addOption(
      new Option('--format <name>', 'layout of the export').choices(exportFormats).makeOptionMandatory(),
    )
    .requiredOption('--out <folder>', 'a folder that is not there yet')
    .option('--filter <expression>', 'which clips, as in the filter bar', '')
    .addOption(
      new Option('--audio <mode>', 'what becomes of the audio')
        .choices(['copy', 'link', 'none'])
        .default('copy'),
    )
    .option('--keep-unusable', 'also clips that were marked unusable')
    .option('--overwrite', 'replace an export that is there')
    .action((flags: ExportFlags) =>
      outcome.run(flags, async (output) => {
        const result = await withSession(output, { file: flags.project }, ({ project, control }) =>
          exportProject(
            project,
            {
              format: flags.format,
              out: resolve(flags.out),
              selection: { filter: flags.filter },
              audio: flags.audio,
              leaveOutUnusable: !flags.keepUnusable,
              overwrite: flags.overwrite ?? false,
            },
            control,
          ),
        );
        output.result(result, () =>
          [
            `${result.clips} clips, ${result.files} files in ${flags.out} (${result.seconds.toFixed(1)} s).`,
            ...result.failed.map(({ message }) => message),
            ...result.notes,
          ].join('\n'),
        );
      }),
    );
}
