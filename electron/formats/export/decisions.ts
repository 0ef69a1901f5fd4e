// Exports the decision record: who changed what, when and why, as JSON lines (exact) and CSV (for people).
import { extname } from 'node:path';
import type { DecisionEvent } from '../../../shared/domain/decision.ts';
import { cancelledError } from '../../../shared/errors.ts';
import { csvRow } from '../delimited.ts';
import type { Destination } from './destination.ts';
import { neutralised, neutralisedPath } from './neutralise.ts';
import { tableName } from './table.ts';
import type { ExportControl, ExportRequest } from './types.ts';

const columns = [
  'id',
  'clip',
  'field',
  'subject',
  'from',
  'to',
  'by',
  'at',
  'reason',
  'batch',
  'undoes',
  'finding',
] as const;

/** Returns the number of events. Clips are named by path: their row number in this project means nothing elsewhere. */
export async function exportDecisions(
  request: ExportRequest,
  destination: Destination,
  control: ExportControl,
): Promise<number> {
  const only = destination.isFile ? extname(destination.out).toLowerCase() : null;
  const lines = only === '.csv' ? null : await destination.text(tableName(destination, 'decisions.jsonl'));
  const table =
    only === null || only === '.csv' ? await destination.text(tableName(destination, 'decisions.csv')) : null;
  await table?.write(csvRow(columns));
  let count = 0;
  for await (const event of request.decisions) {
    if (control.signal.aborted) throw cancelledError();
    await lines?.write(`${JSON.stringify(portable(event))}\n`);
    await table?.write(csvRow(columns.map((name) => cellOf(name, event[name]))));
    if (++count % 1000 === 0) control.progress(count);
  }
  control.progress(count);
  return count;
}

function portable(event: DecisionEvent): object {
  return { ...event, clipId: null };
}

function cellOf(name: string, value: string | null): string {
  if (value === null) return '';
  return name === 'clip' ? neutralisedPath(value) : neutralised(value);
}
