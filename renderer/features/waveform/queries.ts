// What the pictures of a clip are read with, so that the next clip's can be read before it is shown.
import {
  peaksRoute,
  type SpectrogramScale,
  spectrogramRoute,
  spectrogramScales,
} from '../../../shared/contract/routes.ts';
import { fetchBytes, queryClient } from '../../lib/client.ts';
import { useConnection } from '../../lib/events.ts';
import { remembered } from '../../lib/storage.ts';
import { type ViewSpan, wholeClip } from './view-span.ts';

const PEAK_COLUMNS_PER_SEC = 2000;
const MOST_PEAK_COLUMNS = 16_384;
const MOST_SPECTROGRAM_COLUMNS = 2048;
const KEPT_MS = 30_000;

/** Float32 min and max pairs of a whole clip. */
export function peaksQuery(clipId: number, durationSec: number, version: number) {
  const columns = Math.min(MOST_PEAK_COLUMNS, Math.max(512, Math.ceil(durationSec * PEAK_COLUMNS_PER_SEC)));
  return {
    queryKey: ['peaks', clipId, version, columns],
    queryFn: async ({ signal }: { signal: AbortSignal }) =>
      new Float32Array(await (await fetchBytes(peaksRoute(clipId, columns), { signal })).arrayBuffer()),
    gcTime: KEPT_MS,
    meta: { isFile: true },
  };
}

export interface Picture {
  readonly columns: number;
  readonly bins: number;
  readonly maxHz: number;
  readonly levels: Uint8Array;
  readonly span: ViewSpan;
}

interface PictureAsked {
  readonly span: ViewSpan;
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly scale: SpectrogramScale;
}

async function readPicture(
  clipId: number,
  ask: { columns: number; bins: number; scale: SpectrogramScale; span: ViewSpan },
  signal: AbortSignal,
): Promise<Picture> {
  const { columns, bins, scale, span } = ask;
  const response = await fetchBytes(
    spectrogramRoute(clipId, { columns, bins, scale, from: span.fromSec, to: span.toSec }),
    { signal },
  );
  const levels = new Uint8Array(await response.arrayBuffer());
  return {
    columns: Number(response.headers.get('x-columns')),
    bins: Number(response.headers.get('x-bins')),
    maxHz: Number(response.headers.get('x-max-hz')),
    levels,
    span,
  };
}

/** The spectrogram of a part of a clip, as fine as the screen shows it. */
export function pictureQuery(clipId: number, asked: PictureAsked, version: number) {
  const { span, width, height, scale } = asked;
  const density = globalThis.devicePixelRatio || 1;
  const columns = Math.min(MOST_SPECTROGRAM_COLUMNS, Math.max(16, Math.ceil((width * density) / 64) * 64));
  const bins = Math.min(512, Math.max(32, Math.round(height * density)));
  return {
    queryKey: ['spectrogram', clipId, version, columns, bins, scale, span.fromSec, span.toSec],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      readPicture(clipId, { columns, bins, scale, span }, signal),
    gcTime: KEPT_MS,
    meta: { isFile: true },
  };
}

/** The frequency scale the person last chose. */
export function rememberedScale(): SpectrogramScale {
  return remembered<SpectrogramScale>('spectrogram.scale', 'mel', (v) =>
    (spectrogramScales as readonly unknown[]).includes(v),
  );
}

/** Reads what a whole clip is drawn from. A failure is met when the clip is shown. */
export async function prefetchPictures(
  clipId: number,
  durationSec: number,
  size: { readonly width: number; readonly spectrogramHeight: number },
): Promise<void> {
  if (durationSec <= 0 || size.width <= 0) return;
  const version = useConnection.getState().audioVersion;
  const asked = {
    span: wholeClip(durationSec),
    width: size.width,
    height: size.spectrogramHeight,
    scale: rememberedScale(),
  };
  await Promise.all([
    queryClient.prefetchQuery(peaksQuery(clipId, durationSec, version)),
    queryClient.prefetchQuery(pictureQuery(clipId, asked, version)),
  ]);
}
