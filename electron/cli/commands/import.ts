// earmark import SOURCE --project P
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import {
  type DatasetFormat,
  datasetFormats,
  type ImportOptions,
  mappableFields,
} from '../../../shared/domain/dataset.ts';
import { EarmarkError } from '../../../shared/errors.ts';
import type { Studio } from '../../features/context.ts';
import { importDataset, suggestedName } from '../../features/imports.ts';
import { keyValue, type ProjectOptions, withProject } from '../options.ts';
import type { Outcome } from '../outcome.ts';
import { exitCodes, table } from '../output.ts';
import { withSession } from '../session.ts';

interface ImportFlags extends ProjectOptions {
  format: string;
  pattern?: string;
  map?: Record<string, string>;
  name?: string;
}

const SHOWN_FAILURES = 20;

async function chooseFormat(
  studio: Studio,
  source: string,
  flags: ImportFlags,
): Promise<{ format: DatasetFormat; options: ImportOptions }> {
  const mapping: Record<string, string> = {};
  for (const [field, column] of Object.entries(flags.map ?? {})) {
    if (!(mappableFields as readonly string[]).includes(field)) {
      throw new EarmarkError(
        'usage/map',
        `"${field}" is no clip field; --map takes ${mappableFields.join(', ')}.`,
      );
    }
    mapping[field] = column;
  }
  const given: ImportOptions = {
    ...(flags.pattern === undefined ? {} : { pattern: flags.pattern }),
    ...(flags.map === undefined ? {} : { mapping }),
  };
  if (flags.format !== 'auto') {
    const format = datasetFormats.find((name) => name === flags.format);
    if (!format)
      throw new EarmarkError(
        'usage/format',
        `"${flags.format}" is no format known here: auto, ${datasetFormats.join(', ')}.`,
      );
    return { format, options: given };
  }
  if (flags.pattern !== undefined) return { format: 'pattern', options: given };
  const { candidates, suggestedPattern } = await studio.worker.run('detect', { source });
  const [best] = candidates;
  if (!best) {
    throw new EarmarkError(
      'dataset/unknown-format',
      `${basename(source)} holds no audio files and no table that names some. Nothing was imported.`,
    );
  }
  const options =
    best.format === 'pattern' && suggestedPattern !== null ? { ...given, pattern: suggestedPattern } : given;
  return { format: best.format, options };
}

export function addImportCommand(program: Command, outcome: Outcome): void {
  withProject(
    program.command('import <source>').description('bring a dataset in, or bring an imported one up to date'),
  )
    .option('--format <name>', `auto, ${datasetFormats.join(', ')}`, 'auto')
    .option('--pattern <pattern>', "file-name pattern, such as '{label}_{speaker}_{take}.wav'")
    .option('--map <field=column>', 'which table column fills a clip field; several times', keyValue)
    .option('--name <name>', 'name of the dataset in the project')
    .action((sourceArgument: string, flags: ImportFlags) =>
      outcome.run(flags, async (output) => {
        const source = resolve(sourceArgument);
        if (!(await stat(source).catch(() => null))) {
          throw new EarmarkError(
            'dataset/missing',
            `"${sourceArgument}" is not there. Nothing was imported.`,
          );
        }
        const result = await withSession(
          output,
          { file: flags.project, create: true },
          async ({ studio, control }) => {
            const { format, options } = await chooseFormat(studio, source, flags);
            return importDataset(
              studio,
              { source, format, options, name: flags.name ?? suggestedName(source) },
              control,
            );
          },
        );
        output.result(result, () => {
          const lines = [
            `${result.clips} clips of "${result.dataset}" (${result.format}): ${result.added} added, ${result.changed} changed, ${result.unchanged} unchanged, ${result.missing} missing.`,
            `${result.labels} labels, ${result.speakers} speakers, ${result.hours.toFixed(2)} hours, in ${result.seconds.toFixed(1)} s.`,
          ];
          if (result.failed.length > 0) {
            lines.push(
              `${result.failed.length} ${result.failed.length === 1 ? 'file' : 'files'} could not be used:`,
            );
            lines.push(
              table(
                ['file', 'reason'],
                result.failed.slice(0, SHOWN_FAILURES).map(({ file, message }) => [file, message]),
              ),
            );
            if (result.failed.length > SHOWN_FAILURES)
              lines.push(`... and ${result.failed.length - SHOWN_FAILURES} more (--json lists all).`);
          }
          return lines.join('\n');
        });
        return result.clips === 0 ? exitCodes.input : exitCodes.done;
      }),
    );
}
