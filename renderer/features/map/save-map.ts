// Giving a map to the person: the picture, the coordinates of all points, and the selection as a table.
import { type MapFileFormat, mapFileRoute } from '../../../shared/contract/routes.ts';
import type { ClipRow } from '../../../shared/domain/clip.ts';
import { client, errorDataOf, fetchBytes } from '../../lib/client.ts';
import { counted } from '../../lib/format.ts';
import { notify, notifyError } from '../../lib/state/notices.ts';
import { fileName, pngOfSvg, saveBlob, saveText } from '../metrics/index.ts';
import { groundOf, paletteOf } from './colours.ts';
import { type MapPicture, MOST_SHAPES, mapAsSvg } from './export-picture.ts';
import type { MapPoints } from './map-points.ts';
import { paintPoints } from './scatter/pixels.ts';

/** Pixels across the points of a picture for print. */
const PRINT_WIDTH = 3000;
/** Clips asked for at once: their ids must fit a filter expression. */
const ROWS_AT_ONCE = 1000;

async function saving(name: string, task: () => Promise<string>): Promise<void> {
  try {
    notify({ kind: 'done', text: await task() });
  } catch (error) {
    const data = errorDataOf(error);
    notifyError({ ...data, message: `${name} was not saved. ${data.message}` });
  }
}

/** The points alone as a PNG data address, `PRINT_WIDTH` pixels wide. */
function pointsImage(picture: MapPicture): string {
  const { points, colouring, states, theme, camera, size, pointSize, scale } = picture;
  const ratio = PRINT_WIDTH / size.width;
  const width = PRINT_WIDTH;
  const height = Math.round(size.height * ratio);
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This window cannot draw pictures.');
  const image = context.createImageData(width, height);
  paintPoints(
    { pixels: new Uint32Array(image.data.buffer), width, height },
    {
      xy: points.xy,
      slots: colouring.slots,
      states,
      palette: paletteOf(colouring.kind, theme, scale),
      ground: groundOf(theme),
    },
    camera,
    size,
    ratio,
    pointSize,
  );
  context.putImageData(image, 0, 0);
  return canvas.toDataURL('image/png');
}

export function savePicture(picture: MapPicture, kind: 'png' | 'svg', stem: string): Promise<void> {
  const name = fileName(stem, kind);
  return saving(name, async () => {
    const drawn = mapAsSvg(picture, picture.points.ids.length > MOST_SHAPES ? pointsImage(picture) : null);
    if (kind === 'svg') saveText(drawn.svg, name, 'image/svg+xml');
    else saveBlob(await pngOfSvg(drawn.svg, drawn, PRINT_WIDTH / drawn.width), name);
    return `${name} is in your downloads`;
  });
}

export function saveMapFile(mapId: number, format: MapFileFormat): Promise<void> {
  return saving('The file', async () => {
    const response = await fetchBytes(mapFileRoute(mapId, format));
    const named = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1];
    const name = named ? decodeURIComponent(named) : fileName('map', format === 'projector' ? 'zip' : format);
    saveBlob(await response.blob(), name);
    return `${name} is in your downloads`;
  });
}

function csvCell(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csvOf(rows: readonly ClipRow[], points: MapPoints): string {
  const lines = ['path,label,predicted,speaker,split,durationSec,x,y'];
  for (const row of rows) {
    const at = points.pointOf(row.id);
    const x = at < 0 ? null : (points.xy[2 * at] ?? null);
    const y = at < 0 ? null : (points.xy[2 * at + 1] ?? null);
    const { path, label, predicted, speaker, split, durationSec } = row;
    lines.push([path, label, predicted, speaker, split, durationSec, x, y].map(csvCell).join(','));
  }
  return `${lines.join('\n')}\n`;
}

/** The selected clips as CSV, with their places on the map. */
export function saveSelection(ids: readonly number[], points: MapPoints, stem: string): Promise<void> {
  const name = fileName(`${stem} selection`, 'csv');
  return saving(name, async () => {
    const rows: ClipRow[] = [];
    for (let from = 0; from < ids.length; from += ROWS_AT_ONCE) {
      const filter = `id in (${ids.slice(from, from + ROWS_AT_ONCE).join(', ')})`;
      const page = await client.clips.page({ filter, sort: null, offset: 0, limit: ROWS_AT_ONCE });
      rows.push(...page.rows);
    }
    saveText(csvOf(rows, points), name, 'text/csv');
    return `${name}: ${counted(rows.length, 'clip')}, in your downloads`;
  });
}
