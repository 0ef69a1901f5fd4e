// Exports clips as a table: CSV with formulas neutralised (see neutralise.ts), or JSON lines with exact values.
// With audio, the recordings lie beside the table under their paths, so that the folder can be imported again.
import { basename } from 'node:path';
import { csvRow } from '../delimited.ts';
import { ClipSources, eachClip, FreeNames } from './audio-out.ts';
import type { Destination } from './destination.ts';
import { neutralised, neutralisedPath } from './neutralise.ts';
import type { ExportClip, ExportControl, ExportRequest } from './types.ts';

type Cell = string | number | null;

const columns: readonly (readonly [name: string, value: (clip: ExportClip) => Cell])[] = [
  ['dataset', (clip) => clip.dataset],
  ['kind', (clip) => clip.kind],
  ['label', (clip) => clip.label],
  ['original_label', (clip) => clip.originalLabel],
  ['transcript', (clip) => clip.transcript],
  ['original_transcript', (clip) => clip.originalTranscript],
  ['split', (clip) => clip.split],
  ['speaker', (clip) => clip.speaker],
  ['gender', (clip) => clip.gender],
  ['age', (clip) => clip.age],
  ['accent', (clip) => clip.accent],
  ['locale', (clip) => clip.locale],
  ['duration_sec', (clip) => rounded(clip.durationSec)],
  ['sample_rate', (clip) => clip.sampleRate],
  ['channels', (clip) => clip.channels],
  ['review', (clip) => clip.review],
  ['review_reason', (clip) => clip.reviewReason],
  ['note', (clip) => clip.note],
];
const ownNames = new Set(['path', ...columns.map(([name]) => name)]);

/** Seconds to a microsecond. */
export function rounded(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}

export async function exportCsv(
  request: ExportRequest,
  destination: Destination,
  control: ExportControl,
): Promise<number> {
  const extras: string[] = [];
  const extraIndex = new Map<string, number>();
  const rows: { own: readonly string[]; extra: readonly string[] }[] = [];
  const clips = await withAudio(request, destination, control, async (path, clip) => {
    const extra: string[] = [];
    for (const [key, value] of Object.entries(clip.extra)) {
      let index = extraIndex.get(key);
      if (index === undefined) {
        index = extras.length;
        extras.push(key);
        extraIndex.set(key, index);
      }
      extra[index] = neutralised(value);
    }
    const own = columns.map(([, value]) => cellText(value(clip)));
    rows.push({ own: [neutralisedPath(path), ...own], extra });
  });
  // The header needs every extra column, which only the last row may bring.
  const text = await destination.text(tableName(destination, 'clips.csv'));
  const names = [
    'path',
    ...columns.map(([name]) => name),
    ...extras.map((key) => neutralised(extraName(key))),
  ];
  await text.write(csvRow(names));
  for (const { own, extra } of rows) {
    await text.write(csvRow([...own, ...extras.map((_, index) => extra[index] ?? '')]));
  }
  return clips;
}

export async function exportJsonLines(
  request: ExportRequest,
  destination: Destination,
  control: ExportControl,
): Promise<number> {
  const text = await destination.text(tableName(destination, 'clips.jsonl'));
  return withAudio(request, destination, control, async (path, clip) => {
    const own = columns.map(([name, value]) => [name, value(clip)] as const);
    const extra = Object.entries(clip.extra).map(([key, value]) => [extraName(key), value] as const);
    await text.write(`${JSON.stringify(Object.fromEntries([['path', path], ...own, ...extra]))}\n`);
  });
}

/** An extra field whose name one of ours has already is told apart. */
function extraName(key: string): string {
  return ownNames.has(key) ? `extra_${key}` : key;
}

function cellText(value: Cell): string {
  if (value === null) return '';
  return typeof value === 'number' ? String(value) : neutralised(value);
}

/** The table's name: the usual one in a folder, the asked-for one when the export is one file. */
export function tableName(destination: Destination, usual: string): string {
  return destination.isFile ? basename(destination.out) : usual;
}

/** Takes the audio along as asked and calls `write` with each clip's path in the export. Returns how many. */
export async function withAudio(
  request: ExportRequest,
  destination: Destination,
  control: ExportControl,
  write: (path: string, clip: ExportClip) => Promise<void>,
): Promise<number> {
  const { audio } = request;
  const sources = new ClipSources(destination);
  const names = new FreeNames();
  let count = 0;
  let renamed = 0;
  await eachClip(
    request.clips,
    control,
    async (clip) => {
      if (audio === 'none') return clip.path;
      const name = names.claim(clip.path);
      await destination.file(await sources.of(clip), name, audio);
      if (name !== clip.path) renamed++;
      return name;
    },
    async (path, clip) => {
      count++;
      await write(path, clip);
    },
  );
  if (renamed > 0) destination.notes.push(`${renamed} files have another name, because theirs was taken.`);
  return count;
}
