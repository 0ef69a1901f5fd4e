// From decoded sound to the input of a model's first stage: one channel, the model's rate, windows of the clip, the front
// end. Runs on the feature threads; a plan is plain data and can be sent there.
import type { ClipCut, ModelDescription, ModelStage, Pooling } from '../../shared/domain/model.ts';
import { EarmarkError } from '../../shared/errors.ts';
import {
  createFeatureExtractor,
  type DecodedAudio,
  type FeatureExtractor,
  mixDown,
  resample,
} from '../audio/index.ts';
import { copyWindow, isPlain, type Matrices, windowStarts, writeItem } from './layout.ts';

/** What of a description concerns the way from samples to the first stage. */
export interface PreparePlan {
  readonly sampleRate: number;
  readonly clip: ClipCut;
  /** `first` and `loudest` need one window only, chosen here. */
  readonly pooling: Pooling;
  readonly frontEnd: ModelDescription['frontEnd'];
  readonly input: ModelStage['input'];
}

/** Some windows of a clip, each as the first stage wants an item of its batch. */
export type Blocks = Matrices;

/** Numbers handed over at a time, so that long clips need no more memory than their samples. */
const GROUP_NUMBERS = 1 << 20;

/** Of one window: 1 GiB. A front end with a tiny hop makes far more of a window than its samples. */
const MAX_WINDOW_NUMBERS = 1 << 28;

export function planOf(description: ModelDescription): PreparePlan {
  const { sampleRate, clip, pooling, frontEnd, stages } = description;
  return { sampleRate, clip, pooling, frontEnd, input: stages[0]!.input };
}

/** Frames and features of a block, as far as the plan alone says: frames are null where the clip's length decides. */
export function blockSize(plan: PreparePlan): { frames: number | null; features: number } {
  const samples = plan.clip.take === 'windows' ? plan.clip.samples : null;
  if (plan.frontEnd.kind === 'raw') return { frames: samples, features: 1 };
  const extractor = createFeatureExtractor(plan.frontEnd);
  const frames = plan.input.frames?.length ?? (samples === null ? null : extractor.frames(samples));
  return { frames, features: extractor.columns };
}

/**
 * A function that cuts clips by a plan; it keeps its work arrays, so one for each thread.
 * @throws EarmarkError (the function, per clip) `model/no-samples`, `model/clip-too-long`, `model/clip-too-short`,
 *   `model/too-large`.
 */
export function createPreparer(plan: PreparePlan): (audio: DecodedAudio, name: string) => Generator<Blocks> {
  const { clip, frontEnd, pooling, sampleRate } = plan;
  const extractor = frontEnd.kind === 'raw' ? null : createFeatureExtractor(frontEnd);
  const input =
    frontEnd.kind === 'raw' ? { ...plan.input, scale: plan.input.scale * frontEnd.scale } : plan.input;

  return function* prepare(audio, name) {
    const samples = resample(mixDown(audio.channelData), audio.sampleRate, sampleRate);
    if (samples.length === 0) {
      throw new EarmarkError('model/no-samples', `${name}: the recording holds no samples.`);
    }
    if (clip.take === 'whole') {
      const seconds = samples.length / sampleRate;
      if (seconds > clip.maxSeconds) {
        throw new EarmarkError(
          'model/clip-too-long',
          `${name}: the clip lasts ${seconds.toFixed(1)} s, and this model takes whole clips of at most ${clip.maxSeconds} s. Raise "clip.maxSeconds" in its description, or let it take windows.`,
          { seconds },
        );
      }
      const length = Math.max(samples.length, clip.minSamples);
      const window = { length, pad: clip.pad };
      yield* windowBlocks(samples, [0], window, extractor, input, pooling, name);
      return;
    }
    const led = clip.lead === 0 ? samples : withLead(samples, clip.lead);
    const window = { length: clip.samples, hop: clip.hop, tail: clip.tail, pad: clip.pad };
    const starts = chosen(led, windowStarts(led.length, window), window.length, pooling);
    yield* windowBlocks(led, starts, window, extractor, input, pooling, name);
  };
}

function withLead(samples: Float32Array, lead: number): Float32Array {
  const led = new Float32Array(lead + samples.length);
  led.set(samples, lead);
  return led;
}

/** The windows that count; the loudest has the greatest sum of squares, the first of equals. */
function chosen(
  samples: Float32Array,
  starts: readonly number[],
  length: number,
  pooling: Pooling,
): readonly number[] {
  if (pooling === 'first') return starts.slice(0, 1);
  if (pooling !== 'loudest' || starts.length === 1) return starts;
  const energy = (from: number, to: number): number => {
    let sum = 0;
    for (let at = from; at < Math.min(to, samples.length); at++) sum += samples[at]! * samples[at]!;
    return sum;
  };
  let current = energy(0, length);
  let loudest = current;
  let best = 0;
  for (let at = 1; at < starts.length; at++) {
    const [before, start] = [starts[at - 1]!, starts[at]!];
    // Windows overlap as a rule: what leaves is taken off, what enters is added.
    current =
      start < before + length
        ? current - energy(before, start) + energy(before + length, start + length)
        : energy(start, start + length);
    if (current > loudest) {
      loudest = current;
      best = start;
    }
  }
  return [best];
}

function* windowBlocks(
  samples: Float32Array,
  starts: readonly number[],
  window: { readonly length: number; readonly pad: ClipCut['pad'] },
  extractor: FeatureExtractor | null,
  input: ModelStage['input'],
  pooling: Pooling,
  name: string,
): Generator<Blocks> {
  if (extractor === null) {
    const { length } = window;
    yield* groups(starts.length, length, 1, (at, target) => {
      copyWindow(samples, samples.length, starts[at]!, target, window, 1);
      writeItem(target, target, length, 1, input);
    });
    return;
  }
  const frames = extractor.frames(window.length);
  const { columns } = extractor;
  if (frames === 0) {
    throw new EarmarkError(
      'model/clip-too-short',
      `${name}: ${window.length} samples are not enough for one frame of the front end. Give "clip.minSamples" in the model's description, so that short clips are padded.`,
    );
  }
  if (frames * columns > MAX_WINDOW_NUMBERS) {
    throw new EarmarkError(
      'model/too-large',
      `${name}: ${frames} frames of ${columns} features are too many numbers for one window. Take shorter windows or a longer hop in the model's description.`,
    );
  }
  const cut = new Float32Array(window.length);
  const computed = new Float32Array(frames * columns);
  const compute = (at: number, target: Float32Array): void => {
    const start = starts[at]!;
    const isInside = start + window.length <= samples.length;
    if (!isInside) copyWindow(samples, samples.length, start, cut, window, 1);
    extractor.compute(isInside ? samples.subarray(start, start + window.length) : cut, target);
  };
  if (input.frames === null) {
    const isDirect = isPlain(input);
    yield* groups(starts.length, frames, columns, (at, target) => {
      compute(at, isDirect ? target : computed);
      if (!isDirect) writeItem(computed, target, frames, columns, input);
    });
    return;
  }
  const { length } = input.frames;
  const frameStarts = windowStarts(frames, input.frames);
  const perWindow = pooling === 'first' ? frameStarts.slice(0, 1) : frameStarts;
  const part = new Float32Array(length * columns);
  let made = -1;
  yield* groups(starts.length * perWindow.length, length, columns, (at, target) => {
    const index = Math.floor(at / perWindow.length);
    if (index !== made) compute(index, computed);
    made = index;
    copyWindow(computed, frames, perWindow[at % perWindow.length]!, part, input.frames!, columns);
    writeItem(part, target, length, columns, input);
  });
}

/** Items written one after the other into arrays of a bounded size. */
function* groups(
  count: number,
  frames: number,
  features: number,
  write: (at: number, target: Float32Array) => void,
): Generator<Blocks> {
  const size = frames * features;
  const most = Math.max(1, Math.floor(GROUP_NUMBERS / size));
  for (let from = 0; from < count; from += most) {
    const here = Math.min(most, count - from);
    const data = new Float32Array(here * size);
    for (let at = 0; at < here; at++) write(from + at, data.subarray(at * size, (at + 1) * size));
    yield { data, count: here, frames, features };
  }
}
