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

/** Header that every request of the studio carries: a page of another origin cannot send it without being asked. */
export const STUDIO_HEADER = 'x-earmark';
