// The plain HTTP routes beside the calls: sound, pictures and long columns travel as bytes.

export const CALLS_PREFIX = '/rpc';
export const EVENTS_ROUTE = '/events';

/** The clip as WAV, with byte ranges. */
export function audioRoute(clipId: number, revision = 0): string {
  return `/media/audio/${clipId}.wav?v=${revision}`;
}

/** Float32 min/max pairs, `columns` per channel mixed to mono: 2 x columns values. `from` and `to` in seconds. */
export function peaksRoute(clipId: number, columns: number, span?: { from: number; to: number }): string {
  return `/media/peaks/${clipId}?columns=${columns}${span ? `&from=${span.from}&to=${span.to}` : ''}`;
}

export const spectrogramScales = ['linear', 'log', 'mel'] as const;
export type SpectrogramScale = (typeof spectrogramScales)[number];

/**
 * Uint8 decibels, column after column, lowest frequency first; 0 = 90 dB or more below the loudest, 255 = the
 * loudest. Headers `x-columns`, `x-bins`, `x-max-hz`.
 */
export function spectrogramRoute(
  clipId: number,
  options: { columns: number; bins: number; scale: SpectrogramScale; from?: number; to?: number },
): string {
  const span = options.from === undefined ? '' : `&from=${options.from}&to=${options.to}`;
  return `/media/spectrogram/${clipId}?columns=${options.columns}&bins=${options.bins}&scale=${options.scale}${span}`;
}

/**
 * Waveform thumbnails of up to 500 clips in the order asked: per clip THUMBNAIL_COLUMNS x (min, max) int8. POST
 * with an Int32Array of clip ids as the body.
 */
export const THUMBNAILS_ROUTE = '/media/thumbnails';

/** Int32Array of the clip ids of a filter in sorted order. POST `{filter, sort}` as JSON. */
export const CLIP_IDS_ROUTE = '/arrays/clip-ids';

/** Of a map: Int32Array of its clip ids, then Float32Array of x and y of each. `x-points` says how many. */
export function mapRoute(mapId: number): string {
  return `/arrays/map/${mapId}`;
}

/** As `mapRoute`, of a map that is being made; `x-step` says which picture. 204 while there is none after `step`. */
export function mapPreviewRoute(jobId: string, afterStep: number): string {
  return `/arrays/map-preview/${jobId}?after=${afterStep}`;
}

/**
 * One value for each point of a map, in the order of `mapRoute`: Uint16Array of places in the legend's values for a
 * category, Float32Array for a number (NaN = none).
 */
export function mapColumnRoute(mapId: number, by: string): string {
  return `/arrays/map-column/${mapId}?by=${encodeURIComponent(by)}`;
}

export const mapFileFormats = ['npy', 'csv', 'projector'] as const;
export type MapFileFormat = (typeof mapFileFormats)[number];

/** A map's coordinates as a file to keep: `.npy`, CSV with paths and labels, or a TensorBoard projector (zip). */
export function mapFileRoute(mapId: number, format: MapFileFormat): string {
  return `/arrays/map-file/${mapId}?format=${format}`;
}

export const RECORDINGS_ROUTE = '/media/recordings';

/** POST a WAV (16-bit) that was recorded in the window; `label` names its word. Answers `{path, clipId}`. */
export function recordingRoute(label: string): string {
  return `${RECORDINGS_ROUTE}?label=${encodeURIComponent(label)}`;
}

/** Header that every request of the studio carries: a page of another origin cannot send it without being asked. */
export const STUDIO_HEADER = 'x-earmark';
