import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type FrontEndInput,
  frontEnd,
  frontEndPresets,
  type LogMelFrontEnd,
  type MfccFrontEnd,
} from '../../../shared/domain/front-end.ts';
import { npyToFloat32, readNpyFile } from '../../formats/npy.ts';
import { hasShared, sharedPath } from '../../testing/shared-data.ts';
import { decodeAudio } from '../decode.ts';
import { createFeatureExtractor } from './featureExtractor.ts';

function complete(input: FrontEndInput): LogMelFrontEnd | MfccFrontEnd {
  const parsed = frontEnd.parse(input);
  if (parsed.kind === 'raw') throw new Error('raw samples have no features');
  return parsed;
}

const compute = (input: FrontEndInput, samples: Float32Array): Float32Array =>
  createFeatureExtractor(complete(input)).compute(samples);

/** A chirp, a dying tone and a little noise; the expected numbers below were made from it with NumPy and SciPy. */
const signal = Float32Array.from({ length: 4000 }, (_, n) => {
  const t = n / 16_000;
  const chirp = 0.4 * Math.sin(2 * Math.PI * (300 * t + 2000 * t * t));
  const tone = 0.2 * Math.sin(2 * Math.PI * 3100 * t) * Math.exp(-6 * t);
  return chirp + tone + 0.05 * (((n * 7919) % 101) / 50 - 1);
});

/** The first numbers of the first and the middle frame, the last ones of the last. */
function corners(features: Float32Array, columns: number): number[][] {
  const middle = Math.floor(features.length / columns / 2) * columns;
  return [features.slice(0, 4), features.slice(middle, middle + 4), features.slice(-4)].map((part) => [
    ...part,
  ]);
}

function expectCorners(input: FrontEndInput, frames: number, expected: readonly number[][]): void {
  const extractor = createFeatureExtractor(complete(input));
  const features = extractor.compute(signal);
  expect(features).toHaveLength(frames * extractor.columns);
  for (const [i, row] of corners(features, extractor.columns).entries())
    for (const [j, value] of row.entries()) expect(value).toBeCloseTo(expected[i]![j]!, 4);
}

interface Manifest {
  readonly files: readonly (readonly [clip: string, scale: 'htk' | 'slaney', file: string])[];
}

describe.skipIf(!hasShared)('The reference log-mel of four recordings', () => {
  const presets = { htk: 'earmark-log-mel-40', slaney: 'earmark-log-mel-40-slaney' } as const;

  it('is met within 1e-4, HTK and Slaney', async () => {
    const { files } = JSON.parse(readFileSync(sharedPath('golden/mel/manifest.json'), 'utf8')) as Manifest;
    expect(files).toHaveLength(8);
    for (const [clip, scale, file] of files) {
      const { channelData } = await decodeAudio(readFileSync(sharedPath('data', clip)), clip);
      const found = compute(frontEndPresets[presets[scale]], channelData[0]!);
      const expected = npyToFloat32(await readNpyFile(sharedPath('golden/mel', file)));
      expect(found).toHaveLength(expected.length);
      let difference = 0;
      for (const [i, value] of found.entries())
        difference = Math.max(difference, Math.abs(value - expected[i]!));
      expect(difference).toBeLessThan(1e-4);
    }
  });
});

describe('Other conventions', () => {
  it("TensorFlow's speech_commands MFCC equal the formulas of its kernels in NumPy", () => {
    expectCorners(frontEndPresets['speech-commands-mfcc-40'], 23, [
      [-4.649265, -1.037861, 3.723603, -3.866254],
      [-8.203409, -6.043009, -4.117152, -8.281354],
      [0.597467, 0.214785, -0.504957, -0.376312],
    ]);
  });

  it("librosa's MFCC: centred frames of the FFT's length, dB below the clip's maximum, liftered", () => {
    expectCorners(
      {
        ...{ kind: 'mfcc', frameLength: 'fft', padding: 'center-reflect', melScale: 'slaney' },
        ...{ melNorm: 'slaney', bands: 64, fMinHz: 0, fMaxHz: null, coefficients: 20, lifter: 22 },
        log: { kind: 'db', floor: 1e-10, floorMode: 'clamp', reference: 'clip-maximum', range: 60 },
      },
      26,
      [
        [-256.690411, 115.478542, 220.534102, 362.330038],
        [-350.636915, 11.103442, -3.985008, -167.304285],
        [-95.664941, 61.375933, -71.421229, 24.580313],
      ],
    );
  });

  it("Whisper's log-mel: an FFT of 400, which is no power of two, and a range of 8 decades", () => {
    expectCorners(
      {
        ...{ kind: 'log-mel', fftSize: 400, padding: 'center-reflect', melScale: 'slaney' },
        ...{ melNorm: 'slaney', bands: 80, fMinHz: 0, fMaxHz: null },
        log: { kind: 'log10', floor: 1e-10, floorMode: 'clamp', range: 8 },
      },
      26,
      [
        [0.106552, 0.162715, 0.228645, 0.363037],
        [-6.547548, -6.547548, -4.080932, -3.532003],
        [-2.585595, -3.226937, -2.918715, -3.460528],
      ],
    );
  });

  it('Pre-emphasis, 16-bit scale, magnitudes, Hamming, zeros at the ends, an FFT of 960, variance of the clip', () => {
    expectCorners(
      {
        ...{
          kind: 'mfcc',
          preEmphasis: 0.97,
          scale: 32_768,
          window: 'hamming-symmetric',
          windowSamples: 480,
        },
        ...{ hopSamples: 200, fftSize: 960, padding: 'center-zero', spectrum: 'magnitude', triangles: 'mel' },
        ...{ bands: 26, fMinHz: 64, fMaxHz: 7000, log: { floor: 1 }, coefficients: 13, dct: 'htk' },
        normalization: 'mean-variance',
      },
      21,
      [
        [2.314513, 0.972234, 2.115355, 2.318397],
        [-0.36486, -0.385511, -0.295485, -0.683074],
        [0.329863, 0.747299, -0.489042, -1.146843],
      ],
    );
  });

  it('Every FFT size of factors 2, 3 and 5 gives the power of a tone in its bin', () => {
    for (const fftSize of [8, 10, 12, 16, 18, 30, 60, 64, 90, 100, 128, 250, 480, 1024, 2048, 4050]) {
      // One filter whose weight is 1 at bin 1 and 0 at its neighbours.
      const hzPerBin = 16_000 / fftSize;
      const input: FrontEndInput = {
        ...{ kind: 'log-mel', fftSize, windowSamples: fftSize, hopSamples: fftSize, window: 'rectangular' },
        ...{
          bands: 1,
          triangles: 'hz',
          fMinHz: 0,
          fMaxHz: 2 * hzPerBin,
          log: { kind: 'none', floor: 1e-12 },
        },
      };
      const tone = Float32Array.from({ length: fftSize }, (_, n) => Math.cos((2 * Math.PI * n) / fftSize));
      const peak = 700 * (Math.sqrt(1 + (2 * hzPerBin) / 700) - 1);
      const weight = (2 * hzPerBin - hzPerBin) / (2 * hzPerBin - peak);
      const power = compute(input, tone)[0]! / (weight * (fftSize / 2) ** 2);
      expect(power, `FFT of ${fftSize}`).toBeCloseTo(1, 5);
    }
  });
});

describe('Clips of any length', () => {
  const preset = frontEndPresets['earmark-log-mel-40'];

  it('A clip shorter than a frame has no frames, a longer one whole frames only', () => {
    const extractor = createFeatureExtractor(complete(preset));
    expect([0, 399, 400, 559, 560, 16_000].map(extractor.frames)).toEqual([0, 0, 1, 1, 2, 98]);
    expect(extractor.compute(new Float32Array(399))).toHaveLength(0);
  });

  it('Centred frames exist for a clip of one sample and for none of an empty one', () => {
    const input: FrontEndInput = { kind: 'log-mel', padding: 'center-reflect' };
    expect(compute(input, Float32Array.of(1))).toHaveLength(40);
    expect(compute(input, new Float32Array(0))).toHaveLength(0);
  });

  it('A long clip is computed in blocks without seams', () => {
    const long = Float32Array.from({ length: 200_000 }, (_, n) => signal[n % 4000]! * (1 + n / 50_000));
    const whole = compute(preset, long);
    for (const frame of [404, 405, 406, 407, 408, 812, 1246]) {
      const alone = compute(preset, long.subarray(frame * 160, frame * 160 + 400));
      expect(whole.subarray(frame * 40, frame * 40 + 40)).toEqual(alone);
    }
    expect(whole).toHaveLength(1248 * 40);
  });

  it('A hop and a window larger than a block still give two frames', () => {
    const input: FrontEndInput = {
      ...{ kind: 'mfcc', fftSize: 16_384, windowSamples: 16_384, hopSamples: 16_384 },
    };
    expect(compute(input, new Float32Array(200_000))).toHaveLength(12 * 13);
  });

  it('Silence is the floor, and a sample that is no number spoils its own frames only', () => {
    const floor = Math.fround(Math.log(1e-6));
    expect(compute(preset, new Float32Array(16_000)).every((value) => value === floor)).toBe(true);
    const broken = signal.slice();
    broken[3900] = Number.NaN;
    const rows = compute(preset, broken);
    expect(rows.findIndex(Number.isNaN)).toBe(22 * 40);
  });

  it('An array is filled again where one is given, and refused when it is too short', () => {
    const extractor = createFeatureExtractor(complete(preset));
    const out = new Float32Array(30 * 40);
    expect(extractor.compute(signal, out).buffer).toBe(out.buffer);
    expect(() => extractor.compute(signal, new Float32Array(10))).toThrow(/do not fit/);
  });
});
