import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hasShared, sharedPath } from '../testing/shared-data.ts';
import { decodeAudio } from './decode.ts';
import { type Loudness, loudness } from './loudness.ts';
import { truePeak } from './truePeak.ts';

interface Part {
  readonly sec: number;
  readonly dbfs: number;
}

/** Sine whose peaks lie at `dbfs`, in parts one after the other. */
function tone(rate: number, parts: readonly Part[], hz = 997): Float32Array {
  const levels = parts.flatMap(({ sec, dbfs }) =>
    new Array<number>(Math.round(sec * rate)).fill(10 ** (dbfs / 20)),
  );
  return Float32Array.from(levels, (level, i) => level * Math.sin((2 * Math.PI * hz * i) / rate));
}

const stereo = (samples: Float32Array) => [samples, samples];

function measured(channels: readonly Float32Array[], rate: number) {
  const { integratedLufs, rangeLu, truePeakDbtp } = loudness(channels, rate);
  return {
    integrated: integratedLufs ?? Number.NaN,
    range: rangeLu ?? Number.NaN,
    peak: truePeakDbtp ?? Number.NaN,
  };
}

// The test signals are those of EBU Tech 3341 and 3342.
describe('integrated loudness', () => {
  it.each([8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])(
    'a stereo tone of -23 dBFS is -23 LUFS at %i Hz',
    (rate) => {
      expect(
        Math.abs(measured(stereo(tone(rate, [{ sec: 20, dbfs: -23 }])), rate).integrated + 23),
      ).toBeLessThan(0.1);
    },
  );

  it('one channel of two is 3 LU less than both', () => {
    const left = tone(48_000, [{ sec: 5, dbfs: -20 }]);
    const both = measured(stereo(left), 48_000).integrated;
    const one = measured([left, new Float32Array(left.length)], 48_000).integrated;
    expect(both - one).toBeCloseTo(10 * Math.log10(2), 6);
    expect(measured([left], 48_000).integrated).toBeCloseTo(one, 6);
  });

  it('passages 10 LU below the rest and pauses do not count', () => {
    const parts = [
      { sec: 10, dbfs: -72 },
      { sec: 10, dbfs: -36 },
      { sec: 60, dbfs: -23 },
      { sec: 10, dbfs: -36 },
      { sec: 10, dbfs: -72 },
    ];
    expect(Math.abs(measured(stereo(tone(48_000, parts)), 48_000).integrated + 23)).toBeLessThan(0.1);
  });

  it('surround channels count 1.5 dB more, low frequencies not at all', () => {
    const loud = tone(48_000, [{ sec: 2, dbfs: -20 }]);
    const none = new Float32Array(loud.length);
    const front = measured([loud, none, none, none, none, none], 48_000).integrated;
    expect(measured([none, none, none, none, loud, none], 48_000).integrated - front).toBeCloseTo(1.49, 2);
    expect(loudness([none, none, none, loud, none, none], 48_000).integratedLufs).toBeNull();
  });

  it('clips under 400 ms have none, nor has silence', () => {
    expect(loudness([tone(16_000, [{ sec: 0.399, dbfs: -20 }])], 16_000).integratedLufs).toBeNull();
    expect(loudness([tone(16_000, [{ sec: 0.4, dbfs: -20 }])], 16_000).integratedLufs).not.toBeNull();
    const nothing = { integratedLufs: null, rangeLu: null, truePeakDbtp: null };
    expect(loudness([new Float32Array(80_000)], 16_000)).toEqual(nothing);
    expect(loudness([new Float32Array(0)], 16_000)).toEqual(nothing);
  });
});

describe('loudness range', () => {
  it.each([
    [10, [-20, -30]],
    [5, [-20, -15]],
    [20, [-40, -20]],
    [15, [-50, -35, -20, -35, -50]],
  ])('is %i LU for tones of %j dBFS, 20 s each', (expected, levels) => {
    const channels = stereo(
      tone(
        48_000,
        levels.map((dbfs) => ({ sec: 20, dbfs })),
      ),
    );
    expect(Math.abs(measured(channels, 48_000).range - expected)).toBeLessThan(1);
  });

  it('needs three seconds', () => {
    expect(loudness([tone(16_000, [{ sec: 2.9, dbfs: -20 }])], 16_000).rangeLu).toBeNull();
    expect(measured([tone(16_000, [{ sec: 3.5, dbfs: -20 }])], 16_000).range).toBeCloseTo(0, 2);
  });
});

describe('true peak', () => {
  it('finds the top of a wave between its samples', () => {
    const samples = Float32Array.from(
      { length: 4800 },
      (_, i) => 0.5 * Math.sin((Math.PI / 2) * i + Math.PI / 4),
    );
    expect(Math.max(...samples)).toBeCloseTo(0.5 * Math.SQRT1_2, 6);
    // The wave starts all at once, which by itself overshoots a little.
    expect(Math.abs(measured([samples], 48_000).peak - 20 * Math.log10(0.5))).toBeLessThan(0.4);
  });

  it('is never below the largest sample, of any channel', () => {
    const quiet = tone(16_000, [{ sec: 1, dbfs: -40 }]);
    const click = new Float32Array(16_000);
    click[15_999] = -0.75;
    expect(truePeak([quiet, click])).toBeGreaterThanOrEqual(0.75);
    expect(truePeak([Float32Array.of(0.25)])).toBeGreaterThanOrEqual(0.25);
  });

  it('is the same as when every point is looked at', () => {
    const samples = tone(16_000, [{ sec: 0.5, dbfs: -12 }], 3777.7);
    // A constant in another channel raises the bar but stays below the peak, so that runs are skipped.
    const wave = truePeak([samples]);
    expect(truePeak([samples, new Float32Array(8000).fill(wave * 0.8)])).toBeCloseTo(wave, 6);
  });
});

describe.skipIf(!hasShared)('ffmpeg measures the same', () => {
  const rows = hasShared
    ? readFileSync(sharedPath('golden/loudness.csv'), 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(','))
    : [];
  // Over fewer than five windows of 3 s ffmpeg takes its gate, 20 LU below the mean, for the lower end.
  const FEWEST_WINDOWS = 5;

  it.each(rows)('%s', async (path, integratedText, rangeText, _samplePeak, peakText) => {
    const decoded = await decodeAudio(readFileSync(sharedPath('data', String(path))), String(path));
    const found: Loudness = loudness(decoded.channelData, decoded.sampleRate);
    expect(Math.abs((found.integratedLufs ?? Number.NaN) - Number(integratedText))).toBeLessThanOrEqual(
      0.1 + 1e-9,
    );
    expect(Math.abs((found.truePeakDbtp ?? Number.NaN) - Number(peakText))).toBeLessThanOrEqual(0.2 + 1e-9);
    const shortTerms = Math.floor((decoded.frames / decoded.sampleRate - 3) * 10) + 1;
    if (shortTerms < 1) expect(found.rangeLu).toBeNull();
    else if (shortTerms >= FEWEST_WINDOWS) {
      expect(Math.abs((found.rangeLu ?? Number.NaN) - Number(rangeText))).toBeLessThanOrEqual(0.1 + 1e-9);
    }
  });
});
