// The export formats, one line each, and the one way to run them: checked, into a marked folder, renamed at the end.
import { resolve } from 'node:path';
import { CANCELLED, EarmarkError } from '../../../shared/errors.ts';
import { exportDecisions } from './decisions.ts';
import { Destination, isFileName, writingError } from './destination.ts';
import { exportNemo } from './nemo.ts';
import { exportSpeechCommands } from './speech-commands.ts';
import { exportCsv, exportJsonLines } from './table.ts';
import type { ExportControl, ExportFormat, ExportRequest, ExportSummary } from './types.ts';

type Exporter = (request: ExportRequest, destination: Destination, control: ExportControl) => Promise<number>;

const exporters: Readonly<Record<ExportFormat, Exporter>> = {
  'speech-commands': exportSpeechCommands,
  table: exportCsv,
  jsonl: exportJsonLines,
  nemo: exportNemo,
  decisions: exportDecisions,
};

/**
 * Writes an export. When cancelled, `<out>.partial` stays with a marker in it; after any other error nothing stays.
 * @throws EarmarkError `export/exists`, `export/out`, `export/disk-full`, `export/label-name`, `export/audio`,
 *   `job/cancelled`.
 */
export async function runExport(
  format: ExportFormat,
  request: ExportRequest,
  control: ExportControl,
): Promise<ExportSummary> {
  const out = resolve(request.out);
  if (
    isFileName(out) &&
    (format === 'speech-commands' || (request.audio !== 'none' && format !== 'decisions'))
  ) {
    throw new EarmarkError(
      'export/out',
      `${request.out} is the name of one file, and this export writes several. Give the name of a folder, or leave the audio out.`,
      { out },
    );
  }
  const destination = await Destination.open(out, request.overwrite);
  let clips: number;
  try {
    clips = await exporters[format](request, destination, control);
    if (control.signal.aborted) throw new EarmarkError(CANCELLED, 'Cancelled.');
    await destination.finish();
  } catch (error) {
    if (control.signal.aborted) await destination.abandon('It was cancelled.');
    else await destination.remove();
    throw writingError(error, out);
  }
  return { files: destination.files, clips, bytes: destination.bytes, notes: destination.notes };
}
