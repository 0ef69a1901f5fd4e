// Maps over HTTP: points, the picture of one that is being made, a value for each point, files to keep. Bytes, because
// a million points are no JSON.
import { type MapFileFormat, mapFileFormats } from '../../shared/contract/routes.ts';
import { EarmarkError } from '../../shared/errors.ts';
import type { Studio } from '../features/context.ts';
import { pointsOf } from '../features/embeddings/arrays.ts';
import { mapFile } from '../features/embeddings/map-files.ts';
import { mapColumn, mapPreview } from '../features/embeddings/maps.ts';

function bytes(parts: readonly (Int32Array | Float32Array | Uint16Array)[], headers: Record<string, string>) {
  const total = parts.reduce((sum, part) => sum + part.byteLength, 0);
  const body = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    body.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += part.byteLength;
  }
  return new Response(body, { headers: { 'content-type': 'application/octet-stream', ...headers } });
}

function formatOf(text: string | null): MapFileFormat {
  const format = mapFileFormats.find((one) => one === text);
  if (format) return format;
  throw new EarmarkError('request/invalid', `"format" is one of ${mapFileFormats.join(', ')}.`);
}

/** @returns null when the request is for no map. */
export function mapResponse(studio: Studio, request: Request, url: URL): Response | null {
  const [, what, name = ''] =
    /^\/arrays\/(map|map-preview|map-column|map-file)\/([\w-]+)$/.exec(url.pathname) ?? [];
  if (what === undefined || request.method !== 'GET') return null;
  if (what === 'map-preview') {
    const preview = mapPreview(name, Number(url.searchParams.get('after') ?? 0));
    if (preview === null) return new Response(null, { status: 204 });
    return bytes([preview.clipIds, preview.coordinates], {
      'x-points': String(preview.clipIds.length),
      'x-step': String(preview.step),
    });
  }
  const project = studio.project();
  const id = Number(name);
  if (what === 'map') {
    const { clipIds, coordinates } = pointsOf(project, id);
    return bytes([clipIds, coordinates], { 'x-points': String(clipIds.length) });
  }
  if (what === 'map-column') {
    const { values } = mapColumn(project, id, url.searchParams.get('by') ?? '');
    return bytes([values], { 'x-points': String(values.length) });
  }
  const file = mapFile(project, id, formatOf(url.searchParams.get('format')));
  return new Response(file.bytes as Uint8Array<ArrayBuffer>, {
    headers: {
      'content-type': file.type,
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    },
  });
}
