import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audioMeasures, THUMBNAIL_COLUMNS } from '../../shared/domain/audio.ts';
import { hasShared, sharedPath } from '../testing/shared-data.ts';
import { decodeAudio } from './decode.ts';
import { inspectAudio, inspectPcm16Wav } from './inspect.ts';
import { EDGE_FLOOR_DB, measureAudio } from './measures.ts';
import { thumbnail } from './peaks.ts';
import { concat, fixture, fixtureTone, tone, wavFile } from './testing/fixtures.ts';
import { decodeWav, type WavEncoding } from './wav.ts';

const measuresOf = (
  channels: readonly Float32Array[],
  encoding: WavEncoding = 'pcm_f32',
  sampleRate = 16_000,
) => measureAudio(decodeWav(wavFile(channels, { encoding, sampleRate }), 'clip.wav'));

const sine = (frames: number, amplitude: number, period = 32) =>
  Float32Array.from({ length: frames }, (_, i) => amplitude * Math.sin((2 * Math.PI * i) / period));

/** Silence, a sine, silence; seconds at 16 kHz. */
const padded = (before: number, sound: number, after: number, floor = 0) =>
  concatSamples([noise(before * 16_000, floor), sine(sound * 16_000, 0.5), noise(after * 16_000, floor)]);

function noise(frames: number, amplitude: number): Float32Array {
  let state = 12_345;
  return Float32Array.from({ length: Math.round(frames) }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return amplitude * ((state / 0x7fff_ffff) * 2 - 1);
  });
}

function concatSamples(parts: readonly Float32Array[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => [...part]));
}

describe('measureAudio', () => {
  it('gives a full-scale sine a peak of 0 and an RMS of -3.01 dBFS', () => {
    const measures = measuresOf([sine(16_000, 1)]);
    expect(measures.peakDbfs).toBeCloseTo(0, 6);
    expect(measures.rmsDbfs).toBeCloseTo(-3.0103, 4);
    expect(measures.dcOffset).toBeCloseTo(0, 6);
    expect(measures.startEdgeDb).toBeCloseTo(0, 4);
  });

  it('takes the peak of any channel and the RMS over all of them', () => {
    const measures = measuresOf([sine(16_000, 0.5), new Float32Array(16_000)]);
    expect(measures.peakDbfs).toBeCloseTo(-6.0206, 4);
    expect(measures.rmsDbfs).toBeCloseTo(-6.0206 - 3.0103 - 3.0103, 4);
  });

  it('reports the mean sample as DC offset', () => {
    expect(measuresOf([sine(16_000, 0.3).map((x) => x - 0.125)]).dcOffset).toBeCloseTo(-0.125, 6);
  });

  it('has no levels for digital silence, which is silence from end to end', () => {
    const measures = measuresOf([new Float32Array(8000)], 'pcm_s16');
    expect(measures).toMatchObject({ peakDbfs: null, rmsDbfs: null, startEdgeDb: null, endEdgeDb: null });
    expect(measures).toMatchObject({ leadingSilenceSec: 0.5, trailingSilenceSec: 0.5, clippedSamples: 0 });
  });

  it('counts runs of three or more samples at full scale, not shorter ones', () => {
    const full = 32_767 / 32_768;
    const samples = new Float32Array(400);
    samples.set([full, full, full], 10); // a run of 3
    samples.set([full, full], 50); // too short
    samples.set([-1, -1, -full, -1], 100); // a run of 4 on the other side
    samples.set([full, full, full, full, full], 395); // a run of 5 at the very end
    expect(measuresOf([samples], 'pcm_s16')).toMatchObject({ clippedSamples: 12, clippedRuns: 3 });
    const quieter = samples.map((x) => x * 0.99);
    expect(measuresOf([quieter], 'pcm_s16')).toMatchObject({ clippedSamples: 0, clippedRuns: 0 });
  });

  it('counts clipping per channel, so that one channel never lengthens the run of another', () => {
    const two = Float32Array.of(0, 1, 1, 0, 0, 0);
    const other = Float32Array.of(0, 0, 1, 1, 0, 0);
    expect(measuresOf([two, other])).toMatchObject({ clippedSamples: 0 });
    expect(measuresOf([two, Float32Array.of(0, 1, 1, 1, 0, 0)])).toMatchObject({
      clippedSamples: 3,
      clippedRuns: 1,
    });
  });

  it('knows full scale of coarser and of float samples', () => {
    const square = sine(3200, 1, 64).map((x) => Math.sign(x) * 1.2);
    for (const encoding of ['pcm_u8', 'pcm_s24', 'pcm_s32', 'pcm_f32', 'alaw', 'mulaw'] as const) {
      expect(measuresOf([square], encoding).clippedRuns, encoding).toBeGreaterThan(90);
    }
  });

  it('measures silence at both ends to 10 ms', () => {
    const measures = measuresOf([padded(0.25, 0.5, 0.13)]);
    expect(measures.leadingSilenceSec).toBeCloseTo(0.25, 6);
    expect(measures.trailingSilenceSec).toBeCloseTo(0.13, 6);
  });

  it('takes noise 60 dB below the loudest frame as silence, and noise above as sound', () => {
    expect(measuresOf([padded(0.2, 0.5, 0.2, 0.0005)]).leadingSilenceSec).toBeCloseTo(0.2, 6); // -61.8 dB
    expect(measuresOf([padded(0.2, 0.5, 0.2, 0.005)]).leadingSilenceSec).toBe(0); // -41.8 dB
  });

  it('takes everything below -80 dBFS as silence, however quiet the clip', () => {
    const measures = measuresOf([sine(16_000, 0.0001)]);
    expect(measures.rmsDbfs).toBeCloseTo(-83.01, 1);
    expect(measures).toMatchObject({ leadingSilenceSec: 1, trailingSilenceSec: 1 });
  });

  it('shows a word cut at the end by a loud last edge and a quiet first one', () => {
    const measures = measuresOf([padded(0.2, 0.3, 0)]);
    expect(measures.endEdgeDb).toBeGreaterThan(0);
    expect(measures.startEdgeDb).toBe(EDGE_FLOOR_DB);
  });

  it('produces values the domain accepts for every kind of file', async () => {
    for (const name of [
      'tone.flac',
      'stereo24.flac',
      'tone.mp3',
      'tone.opus',
      'stereo.opus',
      'tone.ogg',
    ] as const) {
      const { measures, thumbnail: columns } = await inspectAudio(fixture(name), name);
      expect(() => audioMeasures.parse(measures)).not.toThrow();
      expect(measures.peakDbfs).toBeGreaterThan(-10);
      expect(columns).toHaveLength(THUMBNAIL_COLUMNS * 2);
    }
  });
});

describe('sampleHash', () => {
  it('is equal for WAV and FLAC of the same samples, whatever the headers', async () => {
    const sound = [fixtureTone()];
    const flac = await inspectAudio(fixture('tone.flac'), 'tone.flac');
    for (const bytes of [
      wavFile(sound),
      wavFile(sound, { isExtensible: true, junk: [{ id: 'JUNK', bytes: 51 }] }),
      wavFile(sound, { isBigEndian: true }),
      wavFile(sound, { encoding: 'pcm_s24' }),
      wavFile(sound, { encoding: 'pcm_f32' }),
      wavFile(sound, { dataSize: 0xffff_ffff }),
    ]) {
      expect((await inspectAudio(bytes, 'tone.wav')).measures.sampleHash).toBe(flac.measures.sampleHash);
    }
    expect(flac.measures.sampleHash).toMatch(/^[0-9a-f]{32}$/);
  });

  it('differs when a sample, the rate or the channels differ', () => {
    const sound = tone(16_000, 0.2);
    const changed = sound.slice();
    changed[1000]! += 1 / 32_768;
    const half = [sound.subarray(0, 1600), sound.subarray(1600)];
    const hashes = [
      measuresOf([sound]),
      measuresOf([changed]),
      measuresOf([sound], 'pcm_f32', 8000),
      measuresOf(half),
      measuresOf([sound.map((x) => x / 256)]), // needs 24 bits
      measuresOf([sound.map((x) => x / 3)]), // needs floats
    ].map((measures) => measures.sampleHash);
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe('inspectPcm16Wav', () => {
  const clip = fc.record({
    channels: fc.integer({ min: 1, max: 3 }),
    sampleRate: fc.constantFrom(8000, 11_025, 16_000, 44_100, 96_000),
    frames: fc.integer({ min: 1, max: 9000 }),
    seed: fc.integer(),
    amplitude: fc.constantFrom(0, 1, 40, 3000, 32_768, 60_000),
    period: fc.integer({ min: 2, max: 3000 }),
    shift: fc.integer({ min: 0, max: 1 }),
  });

  it('gives to the last bit what the general path gives', () => {
    fc.assert(
      fc.property(clip, ({ channels, sampleRate, frames, seed, amplitude, period, shift }) => {
        let state = seed;
        const channelData = Array.from({ length: channels }, () =>
          Float32Array.from({ length: frames }, (_, i) => {
            state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
            const value = Math.round(amplitude * Math.sin(i / period) + (state / 2 ** 31) * (amplitude / 10));
            return Math.max(-32_768, Math.min(32_767, value)) / 32_768;
          }),
        );
        // At an odd address too: bytes of a pool may lie anywhere.
        const bytes = concat([new Uint8Array(shift), wavFile(channelData, { sampleRate })]).subarray(shift);
        const decoded = decodeWav(bytes, 'clip.wav');
        const fast = inspectPcm16Wav(bytes, 'clip.wav');
        if (frames < THUMBNAIL_COLUMNS) {
          expect(fast).toBeNull();
          return;
        }
        expect(fast?.measures).toEqual(measureAudio(decoded));
        expect(fast?.thumbnail).toEqual(thumbnail(decoded.channelData));
      }),
      { numRuns: 200 },
    );
  });

  it('keeps exact sums over the loudest possible clip, longer than one window of the scanner', () => {
    const loudest = new Float32Array(200_000).fill(-1);
    const bytes = wavFile([loudest], { sampleRate: 48_000 });
    const fast = inspectPcm16Wav(bytes, 'clip.wav');
    expect(fast?.measures).toEqual(measureAudio(decodeWav(bytes, 'clip.wav')));
    expect(fast?.measures).toMatchObject({
      rmsDbfs: 0,
      peakDbfs: 0,
      dcOffset: -1,
      clippedSamples: 200_000,
      clippedRuns: 1,
    });
  });

  it('leaves every other WAV to the general path', () => {
    for (const encoding of ['pcm_u8', 'pcm_s24', 'pcm_f32', 'alaw'] as const) {
      expect(inspectPcm16Wav(wavFile([tone(8000, 0.1)], { encoding }), 'clip.wav')).toBeNull();
    }
    expect(inspectPcm16Wav(wavFile([tone(8000, 0.1)], { isBigEndian: true }), 'clip.wav')).toBeNull();
  });
});

describe.skipIf(!hasShared)('golden levels', () => {
  // The reference prints one decimal, so 0.05 dB of rounding is allowed, and 0.05 more for another MP3 decoder.
  it('agrees with ffmpeg on sample peak, mean level and number of samples within 0.1 dB', async () => {
    const [head, ...rows] = readFileSync(sharedPath('golden', 'loudness.csv'), 'utf8').trim().split(/\r?\n/);
    const columns = head?.split(',');
    expect([columns?.[0], columns?.[3], columns?.[5], columns?.[7]]).toEqual([
      'path',
      'sample_peak_dbfs',
      'mean_dbfs',
      'samples_all_channels',
    ]);
    expect(rows.length).toBeGreaterThan(60);
    for (const row of rows) {
      const fields = row.split(',');
      const path = fields[0]!;
      const { measures } = await inspectAudio(new Uint8Array(readFileSync(sharedPath('data', path))), path);
      expect(Math.abs(measures.peakDbfs! - Number(fields[3])), path).toBeLessThan(0.1);
      expect(Math.abs(measures.rmsDbfs! - Number(fields[5])), path).toBeLessThan(0.1);
      expect(measures.frames * measures.channels, path).toBe(Number(fields[7]));
    }
  });

  it('measures a clip of the stream the same through both paths', async () => {
    const path = sharedPath('data', 'streaming', 'marvin_617de221_0.wav');
    const bytes = new Uint8Array(readFileSync(path));
    const decoded = await decodeAudio(bytes, path);
    expect((await inspectAudio(bytes, path)).measures).toEqual(measureAudio(decoded));
  });
});
