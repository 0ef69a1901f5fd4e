// What import keeps of a clip, made from the file's bytes in one go. Plain 16-bit PCM WAV, the bulk of every speech
// dataset, takes a path that never leaves integers; its results equal the general path's to the last bit.
import { type AudioMeasures, THUMBNAIL_COLUMNS } from '../../shared/domain/audio.ts';
import { requireContainer } from './container.ts';
import { decodeAudio } from './decode.ts';
import { countClipped, finishMeasures, measureAudio, silenceHop } from './measures.ts';
import { MAX_SCAN, Pcm16Scanner, type ScanResult } from './pcm16Scan.ts';
import { columnStart, thumbnail, toInt8 } from './peaks.ts';
import { pcm16Hash } from './sampleHash.ts';
import { decodeWav, readWavLayout, type WavLayout } from './wav.ts';

export interface Inspection {
  readonly measures: AudioMeasures;
  /** THUMBNAIL_COLUMNS pairs of min and max, int8 (full scale 127). */
  readonly thumbnail: Int8Array<ArrayBuffer>;
}

/**
 * Measures and thumbnail of a file of any supported kind.
 * @throws EarmarkError as decodeAudio.
 */
export async function inspectAudio(bytes: Uint8Array, name: string): Promise<Inspection> {
  if (requireContainer(bytes, name) === 'wav') {
    const layout = readWavLayout(bytes, name);
    const plain = inspectPlain(bytes, layout);
    if (plain !== null) return plain;
    const decoded = decodeWav(bytes, name, layout);
    return { measures: measureAudio(decoded), thumbnail: thumbnail(decoded.channelData) };
  }
  const decoded = await decodeAudio(bytes, name);
  return { measures: measureAudio(decoded), thumbnail: thumbnail(decoded.channelData) };
}

/**
 * Measures and thumbnail of a little-endian 16-bit PCM WAV without decoding to floats; null for every other WAV.
 * @throws EarmarkError as readWavLayout.
 */
export function inspectPcm16Wav(bytes: Uint8Array, name: string): Inspection | null {
  return inspectPlain(bytes, readWavLayout(bytes, name));
}

/** int16 to full scale at 1, for a sample and for its square; powers of two, so no rounding happens. */
const UNIT = 1 / 32_768;
const UNIT_SQUARED = UNIT * UNIT;
const INT16_FULL_SCALE = 32_767;

let frameEnergy = new Float64Array(4096);

function inspectPlain(bytes: Uint8Array, layout: WavLayout): Inspection | null {
  const { sampleRate, channels, frames, dataStart } = layout;
  const hop = silenceHop(sampleRate);
  const edge = Math.min(frames, 2 * hop);
  if (layout.encoding !== 'pcm_s16' || layout.isBigEndian) return null;
  if (edge * channels > MAX_SCAN || frames < THUMBNAIL_COLUMNS) return null;
  const pcm = bytes.subarray(dataStart, dataStart + frames * channels * 2);
  const hops = Math.ceil(frames / hop);
  if (frameEnergy.length < hops) frameEnergy = new Float64Array(hops * 2);
  const columns = new Int8Array(THUMBNAIL_COLUMNS * 2);
  const scanner = new Pcm16Scanner(pcm);
  const run: ScanResult = { energy: 0, sum: 0, min: 0, max: 0 };

  // One pass in runs that end wherever a 10 ms frame or a thumbnail column ends.
  let sum = 0;
  let peak = 0;
  let energy = 0;
  let hopIndex = 0;
  let hopEnd = hop;
  let column = 0;
  let columnEnd = columnStart(1, THUMBNAIL_COLUMNS, frames);
  let columnMin = 32_767;
  let columnMax = -32_768;
  for (let frame = 0; frame < frames; ) {
    const end = Math.min(hopEnd, columnEnd, frames);
    scanner.scan(frame * channels, end * channels, run);
    sum += run.sum;
    energy += run.energy;
    if (run.min < columnMin) columnMin = run.min;
    if (run.max > columnMax) columnMax = run.max;
    frame = end;
    if (frame === hopEnd || frame === frames) {
      frameEnergy[hopIndex++] = energy * UNIT_SQUARED;
      energy = 0;
      hopEnd += hop;
    }
    if (frame === columnEnd) {
      columns[column * 2] = toInt8(columnMin * UNIT);
      columns[column * 2 + 1] = toInt8(columnMax * UNIT);
      peak = Math.max(peak, columnMax, -columnMin);
      columnMin = 32_767;
      columnMax = -32_768;
      column++;
      columnEnd = columnStart(column + 1, THUMBNAIL_COLUMNS, frames);
    }
  }

  scanner.scan(0, edge * channels, run);
  const startEnergy = run.energy * UNIT_SQUARED;
  scanner.scan((frames - edge) * channels, frames * channels, run);
  const endEnergy = run.energy * UNIT_SQUARED;
  const clipped = peak >= INT16_FULL_SCALE ? clippedOf(pcm, channels) : { samples: 0, runs: 0 };
  const levels = finishMeasures({
    frames,
    channels,
    sampleRate,
    sum: sum * UNIT,
    peak: peak * UNIT,
    frameEnergy,
    startEnergy,
    endEnergy,
    clippedSamples: clipped.samples,
    clippedRuns: clipped.runs,
  });
  return {
    measures: {
      container: 'wav',
      encoding: 'pcm_s16',
      ...levels,
      sampleHash: pcm16Hash(pcm, sampleRate, channels),
    },
    thumbnail: columns,
  };
}

function clippedOf(pcm: Uint8Array, channels: number): { readonly samples: number; readonly runs: number } {
  const aligned = pcm.byteOffset % 2 === 0 ? pcm : pcm.slice();
  const interleaved = new Int16Array(aligned.buffer, aligned.byteOffset, aligned.length / 2);
  let samples = 0;
  let runs = 0;
  for (let channel = 0; channel < channels; channel++) {
    const clipped = countClipped(interleaved, channel, channels, INT16_FULL_SCALE);
    samples += clipped.samples;
    runs += clipped.runs;
  }
  return { samples, runs };
}
