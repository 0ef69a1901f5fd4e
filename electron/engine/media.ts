// Sound and pictures over HTTP: the clip as WAV with byte ranges, peaks, spectrogram tiles, thumbnails. The worker
// decodes; here only sizes and names are checked.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  RECORDINGS_ROUTE,
  type SpectrogramScale,
  spectrogramScales,
  THUMBNAILS_ROUTE,
} from '../../shared/contract/routes.ts';
import { EarmarkError } from '../../shared/errors.ts';
import { clipLocation, thumbnails } from '../catalog/index.ts';
import type { Studio } from '../features/context.ts';
import { keepRecording, MAX_RECORDING_BYTES } from '../features/recordings.ts';
import type { AudioLocation } from '../ipc/worker-tasks.ts';
import { respondWithRange } from './byte-range.ts';

const MAX_COLUMNS = 16_384;
const MAX_BINS = 1024;
const MAX_THUMBNAILS = 500;
/** A clip that takes longer to decode has got its decoder stuck. */
const DECODE_TIMEOUT_MS = 60_000;
/** WAVs kept so that the ranges of one playback decode once. */
const WAV_CACHE_BYTES = 64 * 2 ** 20;

function locate(studio: Studio, text: string): AudioLocation {
  const id = Number(text);
  if (!Number.isSafeInteger(id) || id < 1)
    throw new EarmarkError('clip/unknown', `There is no clip "${text}".`);
  const { root, path } = clipLocation(studio.project().catalog, id);
  return { root, path };
}

function integer(query: URLSearchParams, name: string, least: number, most: number): number {
  const value = Number(query.get(name));
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new EarmarkError('request/invalid', `"${name}" must be a whole number from ${least} to ${most}.`);
  }
  return value;
}

function span(query: URLSearchParams): { from: number | null; to: number | null } {
  if (!query.has('from')) return { from: null, to: null };
  const from = Number(query.get('from'));
  const to = Number(query.get('to'));
  if (!(Number.isFinite(from) && Number.isFinite(to) && from >= 0 && to > from)) {
    throw new EarmarkError('request/invalid', '"from" and "to" must be seconds, "to" after "from".');
  }
  return { from, to };
}

function isScale(value: string): value is SpectrogramScale {
  return (spectrogramScales as readonly string[]).includes(value);
}

export class MediaRoutes {
  private readonly studio: Studio;
  /** By file, size and time of change; the oldest first. */
  private readonly wavs = new Map<string, { readonly bytes: Promise<Uint8Array>; size: number }>();

  constructor(studio: Studio) {
    this.studio = studio;
  }

  /** @returns null when the request is no media route. */
  async handle(request: Request, url: URL): Promise<Response | null> {
    if (url.pathname === THUMBNAILS_ROUTE && request.method === 'POST') return this.thumbnails(request);
    if (url.pathname === RECORDINGS_ROUTE && request.method === 'POST') return this.recording(request, url);
    const match = /^\/media\/(audio|peaks|spectrogram)\/(\d+)(\.wav)?$/.exec(url.pathname);
    if (!match || (request.method !== 'GET' && request.method !== 'HEAD')) return null;
    const location = locate(this.studio, match[2] ?? '');
    switch (match[1]) {
      case 'audio':
        return respondWithRange(await this.wav(location), 'audio/wav', request.headers.get('range'), {
          'cache-control': 'no-cache',
        });
      case 'peaks':
        return this.peaks(location, url.searchParams, request.signal);
      default:
        return this.spectrogram(location, url.searchParams, request.signal);
    }
  }

  private async wav(location: AudioLocation): Promise<Uint8Array> {
    // What is not there, or may not be read, is for the worker to say.
    const info = await stat(join(location.root, location.path)).catch(() => null);
    const key = `${location.root}\0${location.path}\0${info?.size}\0${info?.mtimeMs}`;
    const known = this.wavs.get(key);
    if (known) return known.bytes;
    const pending = this.studio.worker
      .run('wav', location, { timeoutMs: DECODE_TIMEOUT_MS })
      .then(({ bytes }) => bytes);
    const entry = { bytes: pending, size: 0 };
    this.wavs.set(key, entry);
    try {
      const bytes = await pending;
      entry.size = bytes.byteLength;
      this.evict(key);
      return bytes;
    } catch (error) {
      if (this.wavs.get(key) === entry) this.wavs.delete(key);
      throw error;
    }
  }

  private evict(keep: string): void {
    let total = 0;
    for (const { size } of this.wavs.values()) total += size;
    for (const [key, { size }] of this.wavs) {
      if (total <= WAV_CACHE_BYTES) return;
      if (key === keep || size === 0) continue;
      this.wavs.delete(key);
      total -= size;
    }
  }

  private async recording(request: Request, url: URL): Promise<Response> {
    const announced = Number(request.headers.get('content-length') ?? 0);
    if (announced > MAX_RECORDING_BYTES)
      throw new EarmarkError('recording/size', 'The recording is too long to be kept.');
    const wav = new Uint8Array(await request.arrayBuffer());
    return Response.json(await keepRecording(this.studio, url.searchParams.get('label') ?? '', wav));
  }

  /** Lets go of what was decoded: another project is opened. */
  forget(): void {
    this.wavs.clear();
  }

  private async peaks(
    location: AudioLocation,
    query: URLSearchParams,
    signal: AbortSignal,
  ): Promise<Response> {
    const columns = integer(query, 'columns', 1, MAX_COLUMNS);
    const { peaks } = await this.studio.worker.run(
      'peaks',
      { ...location, columns, ...span(query) },
      { signal, timeoutMs: DECODE_TIMEOUT_MS },
    );
    return bytesResponse(new Uint8Array(peaks.buffer, peaks.byteOffset, peaks.byteLength));
  }

  private async spectrogram(
    location: AudioLocation,
    query: URLSearchParams,
    signal: AbortSignal,
  ): Promise<Response> {
    const scale = query.get('scale') ?? 'linear';
    if (!isScale(scale))
      throw new EarmarkError('request/invalid', `"scale" is one of ${spectrogramScales.join(', ')}.`);
    const tile = await this.studio.worker.run(
      'spectrogram',
      {
        ...location,
        columns: integer(query, 'columns', 1, MAX_COLUMNS),
        bins: integer(query, 'bins', 1, MAX_BINS),
        scale,
        ...span(query),
      },
      { signal, timeoutMs: DECODE_TIMEOUT_MS },
    );
    return bytesResponse(tile.data, {
      'x-columns': String(tile.columns),
      'x-bins': String(tile.bins),
      'x-max-hz': String(tile.maxHz),
    });
  }

  private async thumbnails(request: Request): Promise<Response> {
    const body = await request.arrayBuffer();
    if (body.byteLength % 4 !== 0 || body.byteLength > MAX_THUMBNAILS * 4) {
      throw new EarmarkError(
        'request/invalid',
        `Ask for at most ${MAX_THUMBNAILS} clips, as 32-bit integers.`,
      );
    }
    return bytesResponse(thumbnails(this.studio.project().catalog, [...new Int32Array(body)]));
  }
}

function bytesResponse(bytes: Uint8Array, headers: Record<string, string> = {}): Response {
  return new Response(bytes as Uint8Array<ArrayBuffer>, {
    headers: { 'content-type': 'application/octet-stream', 'cache-control': 'no-cache', ...headers },
  });
}
