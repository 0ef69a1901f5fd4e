import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EarmarkError } from '../../shared/errors.ts';
import { concat, tone, type WavOptions, wavFile } from './testing/fixtures.ts';
import { decodeWav, readWavLayout, wavEncodings } from './wav.ts';
import { encodeWav16 } from './wavEncode.ts';

const left = tone(16_000, 0.05);
const right = tone(16_000, 0.05, 1000, 0.9);

function refusal(bytes: Uint8Array): EarmarkError {
  try {
    decodeWav(bytes, 'clip.wav');
  } catch (error) {
    if (error instanceof EarmarkError) return error;
    throw error;
  }
  throw new Error('the file was accepted');
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

describe('decodeWav', () => {
  // G.711 keeps 13 (A-law) or 14 bits (mu-law) near zero and an error of 1/32 of the sample above.
  const tolerance = { pcm_u8: 1 / 256, pcm_s16: 0, pcm_s24: 0, pcm_s32: 0, pcm_f32: 0, pcm_f64: 0 };

  it.each([...wavEncodings])(
    'reads %s, mono and stereo, little- and big-endian, plain and extensible',
    (encoding) => {
      for (const channels of [[left], [left, right]]) {
        for (const isBigEndian of [false, true]) {
          for (const isExtensible of [false, true]) {
            const bytes = wavFile(channels, { encoding, isBigEndian, isExtensible });
            const decoded = decodeWav(bytes, 'clip.wav');
            expect(decoded).toMatchObject({ container: 'wav', encoding, sampleRate: 16_000, frames: 800 });
            expect(decoded.channels).toBe(channels.length);
            for (const [index, original] of channels.entries()) {
              const most = encoding === 'alaw' || encoding === 'mulaw' ? 1 / 32 : tolerance[encoding];
              expect(largestDifference(decoded.channelData[index]!, original)).toBeLessThanOrEqual(most);
            }
          }
        }
      }
    },
  );

  it('decodes the G.711 codes of the standard', () => {
    const codes = (encoding: 'alaw' | 'mulaw') => {
      const bytes = wavFile([new Float32Array(256)], { encoding });
      bytes.set(
        Array.from({ length: 256 }, (_, code) => code),
        44,
      );
      return decodeWav(bytes, 'codes.wav').channelData[0]!.map((x) => x * 32_768);
    };
    const alaw = codes('alaw');
    expect([alaw[0xd5], alaw[0x55], alaw[0xaa], alaw[0x2a], alaw[0x80]]).toEqual([
      8, -8, 32_256, -32_256, 5504,
    ]);
    const mulaw = codes('mulaw');
    expect([mulaw[0xff], mulaw[0x7f], mulaw[0x80], mulaw[0x00], mulaw[0xfe]]).toEqual([
      0, 0, 32_124, -32_124, 8,
    ]);
  });

  it('finds the samples between junk chunks of odd length and before a trailing list', () => {
    const bytes = wavFile([left], {
      junk: [
        { id: 'JUNK', bytes: 27 },
        { id: 'bext', bytes: 602 },
      ],
      listBytes: 33,
    });
    expect(decodeWav(bytes, 'clip.wav').channelData[0]).toEqual(left);
  });

  it('reads a format chunk that comes after the data', () => {
    expect(decodeWav(wavFile([left], { isFormatLast: true }), 'clip.wav').channelData[0]).toEqual(left);
  });

  it('reads RF64 with its sizes in the ds64 chunk', () => {
    expect(decodeWav(wavFile([left], { isRf64: true, listBytes: 10 }), 'clip.wav').channelData[0]).toEqual(
      left,
    );
  });

  it.each([0, 0xffff_ffff, 0x7fff_ffff, 0x7fff_f000, 0xffff_ffdb])(
    'takes a data size of %i as a streamed header and reads to the end of the file',
    (dataSize) => {
      expect(decodeWav(wavFile([left, right], { dataSize }), 'clip.wav').channelData).toEqual([left, right]);
    },
  );

  it('drops a last frame of a streamed file that is not whole', () => {
    const bytes = wavFile([left, right], { dataSize: 0xffff_ffff });
    expect(decodeWav(bytes.subarray(0, bytes.length - 1), 'clip.wav').frames).toBe(799);
  });

  it('reads from bytes at an odd address', () => {
    const shifted = concat([Uint8Array.of(0), wavFile([left])]).subarray(1);
    expect(decodeWav(shifted, 'clip.wav').channelData[0]).toEqual(left);
  });

  it('says how much of a truncated file is there', () => {
    const bytes = wavFile([left]);
    const error = refusal(bytes.subarray(0, 44 + 1000));
    expect(error.code).toBe('audio/damaged');
    expect(error.message).toContain(
      'promises 800 samples per channel (1,600 bytes), the file holds 500 (1,000 bytes)',
    );
    expect(error.details).toMatchObject({ expectedFrames: 800, availableFrames: 500 });
  });

  it('says that a file ends inside its header', () => {
    for (const length of [4, 11, 12, 20, 36, 43]) {
      const error = refusal(wavFile([left]).subarray(0, length));
      expect(error.code).toBe('audio/damaged');
      expect(error.message).toContain(`ends after ${length} bytes, inside its header`);
    }
  });

  it('calls a header without samples empty', () => {
    expect(refusal(wavFile([new Float32Array(0)])).code).toBe('audio/empty');
    expect(refusal(wavFile([new Float32Array(0)], { listBytes: 40 })).code).toBe('audio/empty');
  });

  const impossible: readonly (readonly [string, WavOptions, string])[] = [
    ['0 channels', { headerChannels: 0 }, 'names 0 channels'],
    ['60,000 channels', { headerChannels: 60_000 }, 'names 60,000 channels'],
    ['a rate of 0', { headerRate: 0 }, 'sample rate of 0 Hz'],
    ['a rate of 4 GHz', { headerRate: 4_000_000_000 }, 'sample rate of 4,000,000,000 Hz'],
    ['0 bits', { bits: 0 }, 'samples of 0 bits'],
    ['blocks that do not fit the bits', { blockAlign: 3, headerChannels: 2 }, 'contradicts itself'],
  ];
  it.each(impossible)('refuses %s in words', (_, options, sentence) => {
    const error = refusal(wavFile([left], options));
    expect(error.code).toBe('audio/unreadable');
    expect(error.message).toContain(sentence);
  });

  it('names a codec inside that is not read here', () => {
    const error = refusal(wavFile([left], { formatTag: 0x11, bits: 4, blockAlign: 512 }));
    expect(error.code).toBe('audio/unsupported');
    expect(error.message).toContain('IMA ADPCM (0x0011)');
  });

  it('refuses float samples that are not numbers', () => {
    const broken = left.slice();
    broken[17] = Number.NaN;
    const error = refusal(wavFile([broken], { encoding: 'pcm_f32' }));
    expect(error.code).toBe('audio/damaged');
    expect(error.message).toContain('sample 17 of channel 1');
  });

  it('never allocates more than the file can hold, whatever the header says', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 255 })), {
          maxLength: 12,
        }),
        (changes) => {
          const bytes = wavFile([left]);
          for (const [at, value] of changes) bytes[at] = value;
          try {
            const layout = readWavLayout(bytes, 'clip.wav');
            const end = layout.dataStart + layout.frames * layout.channels * layout.sampleBytes;
            expect(end).toBeLessThanOrEqual(bytes.length);
            decodeWav(bytes, 'clip.wav', layout);
          } catch (error) {
            expect(error).toBeInstanceOf(EarmarkError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('encodeWav16', () => {
  it('gives back every int16 sample it was given', () => {
    fc.assert(
      fc.property(
        fc.int16Array({ minLength: 1, maxLength: 400 }),
        fc.integer({ min: 1, max: 3 }),
        (samples, channels) => {
          const data = Array.from({ length: channels }, (_, c) =>
            Float32Array.from(samples, (x) => (c % 2 ? -1 : 1) * (x / 32_768)),
          );
          const clamped = data.map((channel) => channel.map((x) => Math.min(x, 32_767 / 32_768)));
          expect(decodeWav(encodeWav16(data, 22_050), 'clip.wav').channelData).toEqual(
            clamped.map((channel) => channel.map((x) => x + 0)),
          );
        },
      ),
    );
  });

  it('clamps samples beyond full scale instead of wrapping them', () => {
    const decoded = decodeWav(encodeWav16([Float32Array.of(1.5, -1.5, 1)], 8000), 'clip.wav');
    expect([...decoded.channelData[0]!]).toEqual([32_767 / 32_768, -1, 32_767 / 32_768]);
  });
});
