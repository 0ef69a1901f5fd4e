// earmark backup create | list | restore
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { createBackup, listBackups, restoreBackup } from '../../catalog/index.ts';
import { type ProjectOptions, withProject } from '../options.ts';
import type { Outcome } from '../outcome.ts';
import { table } from '../output.ts';
import { withSession } from '../session.ts';

export function addBackupCommands(program: Command, outcome: Outcome): void {
  const backup = program.command('backup').description('verified copies of the project');

  withProject(backup.command('create').description('make a copy and verify it'))
    .option('--label <text>', "part of the copy's name")
    .action((flags: ProjectOptions & { label?: string }) =>
      outcome.run(flags, async (output) => {
        const made = await withSession(output, { file: flags.project }, async ({ project }) =>
          createBackup(project.catalog, flags.label),
        );
        output.result(made, () => `Backup: ${made.file}`);
      }),
    );

  withProject(backup.command('list').description('copies there are')).action((flags: ProjectOptions) =>
    outcome.run(flags, async (output) => {
      const backups = listBackups(resolve(flags.project));
      output.result({ backups }, () =>
        table(
          ['file', 'made', 'bytes'],
          backups.map(({ name, createdAt, bytes }) => [name, createdAt, bytes]),
        ),
      );
    }),
  );

  withProject(
    backup.command('restore <backup>').description('bring a copy back; the present file is kept beside it'),
  ).action((name: string, flags: ProjectOptions) =>
    outcome.run(flags, async (output) => {
      const restored = restoreBackup(resolve(flags.project), name);
      output.result(restored, () =>
        restored.movedAside === null
          ? 'Restored.'
          : `Restored. The project as it was before lies at ${restored.movedAside}.`,
      );
    }),
  );
}
