// earmark info, earmark check
import type { Command } from 'commander';
import { checkCatalog, listEmbeddings, listRuns, mapsOf, SCHEMA_VERSION } from '../../catalog/index.ts';
import { type ProjectOptions, withProject } from '../options.ts';
import type { Outcome } from '../outcome.ts';
import { exitCodes, table } from '../output.ts';
import { withSession } from '../session.ts';

export function addProjectCommands(program: Command, outcome: Outcome): void {
  withProject(program.command('info').description('what is in the project')).action((flags: ProjectOptions) =>
    outcome.run(flags, async (output) => {
      const document = await withSession(output, { file: flags.project }, async ({ project }) => {
        const info = project.info();
        return {
          project: project.catalog.file,
          schema: SCHEMA_VERSION,
          clips: info.clips,
          labels: info.labels,
          splits: info.splits,
          speakers: info.speakers,
          hours: info.hours,
          runs: listRuns(project.catalog).map(({ name, createdAt, matched, labels, probabilitiesFile }) => ({
            name,
            createdAt,
            clips: matched,
            labels: labels.length,
            hasProbabilities: probabilitiesFile !== null,
          })),
          embeddings: listEmbeddings(project.catalog).map((embedding) => ({
            name: embedding.name,
            createdAt: embedding.createdAt,
            clips: embedding.rows,
            failed: embedding.failed,
            dimensions: embedding.dimensions,
            maps: mapsOf(project.catalog, embedding.id).length,
          })),
          columns: info.columns,
          flags: info.flags,
          decisions: info.decisions,
          datasets: info.datasets,
          runInUse: info.runInUse,
          warnings: info.warnings,
        };
      });
      output.result(document, () =>
        [
          `${document.clips} clips, ${document.labels.length} labels, ${document.speakers} speakers, ${document.hours.toFixed(2)} hours, ${document.decisions} decisions`,
          '',
          table(
            ['label', 'clips'],
            document.labels.map(({ label, count }) => [label, count]),
          ),
          '',
          table(
            ['flag', 'open', 'accepted', 'fixed', 'dismissed'],
            Object.entries(document.flags).map(([kind, counts]) => [
              kind,
              counts.open,
              counts.accepted,
              counts.fixed,
              counts.dismissed,
            ]),
          ),
          '',
          table(
            ['run', 'clips', 'labels'],
            document.runs.map(({ name, clips, labels }) => [name, clips, labels]),
          ),
          '',
          table(
            ['embedding', 'clips', 'dimensions', 'maps'],
            document.embeddings.map(({ name, clips, dimensions, maps }) => [name, clips, dimensions, maps]),
          ),
        ].join('\n'),
      );
    }),
  );

  withProject(program.command('check').description('is the project whole, are its files there'))
    .option('--repair', 'write derived values anew from the record of decisions')
    .action((flags: ProjectOptions & { repair?: boolean }) =>
      outcome.run(flags, async (output) => {
        const report = await withSession(output, { file: flags.project }, async ({ project }) =>
          checkCatalog(project.catalog, { repair: flags.repair ?? false }),
        );
        output.result(report, () =>
          [
            report.ok ? 'The project is whole.' : 'The project has problems.',
            `integrity: ${report.integrity}; foreign keys: ${report.foreignKeys}; events: ${report.events}; missing files: ${report.missingFiles}`,
            ...report.problems.map(({ message, count }) => `${message} (${count})`),
          ].join('\n'),
        );
        return report.ok ? exitCodes.done : exitCodes.findings;
      }),
    );
}
