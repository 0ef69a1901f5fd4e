import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EarmarkError } from '../../shared/errors.ts';
import { hasShared, sharedPath } from '../testing/shared-data.ts';
import { decodeAudio } from './decode.ts';
import type { DecodedAudio } from './decoded.ts';
import {
  concat,
  type FixtureName,
  fixture,
  fixtureRight,
  fixtureTone,
  flipped,
  jpegStart,
  tone,
  wavFile,
} from './testing/fixtures.ts';

const encoded: readonly FixtureName[] = [
  'tone.flac',
  'stereo24.flac',
  'tone.mp3',
  'stereo-untagged.mp3',
  'tone.opus',
  'stereo.opus',
  'tone.ogg',
];

async function refusal(bytes: Uint8Array, name = 'clip'): Promise<EarmarkError> {
  const error = await decodeAudio(bytes, name).then(
    () => new Error('the file was accepted'),
    (reason: unknown) => reason,
  );
  if (error instanceof EarmarkError) return error;
  throw error;
}

/** Share of the reference that the sound explains (squared correlation), 1 for an exact or scaled copy. */
function likeness(sound: Float32Array, reference: Float32Array): number {
  let cross = 0;
  let a = 0;
  let b = 0;
  for (let i = 0; i < reference.length; i++) {
    const x = sound[i] ?? 0;
    cross += x * reference[i]!;
    a += x * x;
    b += reference[i]! * reference[i]!;
  }
  return cross ** 2 / (a * b);
}

describe('decodeAudio', () => {
  it('decodes 16-bit FLAC to exactly the samples that were encoded', async () => {
    const decoded = await decodeAudio(fixture('tone.flac'), 'tone.flac');
    expect(decoded).toMatchObject({
      container: 'flac',
      encoding: 'flac_s16',
      sampleRate: 16_000,
      channels: 1,
    });
    expect(decoded.channelData[0]).toEqual(fixtureTone());
  });

  it('decodes 24-bit stereo FLAC to whole 24-bit steps', async () => {
    const decoded = await decodeAudio(fixture('stereo24.flac'), 'stereo24.flac');
    expect(decoded).toMatchObject({ encoding: 'flac_s24', channels: 2, frames: 1600 });
    for (const channel of decoded.channelData) {
      expect(channel.every((x) => Number.isInteger(x * 2 ** 23))).toBe(true);
    }
    const original = fixtureTone().subarray(0, 1600);
    expect(Math.max(...decoded.channelData[0]!.map((x, i) => Math.abs(x - 0.7 * original[i]!)))).toBeLessThan(
      2 ** -15,
    );
  });

  it('decodes MP3 with a LAME tag at its original length and in time with the original', async () => {
    const decoded = await decodeAudio(fixture('tone.mp3'), 'tone.mp3');
    expect(decoded).toMatchObject({
      container: 'mp3',
      encoding: 'mp3',
      sampleRate: 16_000,
      channels: 1,
      frames: 9600,
    });
    expect(likeness(decoded.channelData[0]!, fixtureTone())).toBeGreaterThan(0.998);
  });

  it('keeps whole frames and the delay of an MP3 without a tag', async () => {
    const decoded = await decodeAudio(fixture('stereo-untagged.mp3'), 'stereo.mp3');
    expect(decoded).toMatchObject({ channels: 2, frames: 19 * 576 });
    const delay = 1105; // of LAME and the decoder together
    expect(likeness(decoded.channelData[0]!.subarray(delay), fixtureTone())).toBeGreaterThan(0.998);
    expect(likeness(decoded.channelData[1]!.subarray(delay), fixtureRight())).toBeGreaterThan(0.998);
  });

  it('decodes Opus at 48 kHz without the encoder delay, at the original length', async () => {
    const decoded = await decodeAudio(fixture('tone.opus'), 'tone.opus');
    expect(decoded).toMatchObject({ container: 'opus', sampleRate: 48_000, channels: 1, frames: 28_800 });
    expect(likeness(decoded.channelData[0]!, tone(48_000, 0.6))).toBeGreaterThan(0.99);
  });

  it('decodes stereo Opus over several pages with its channels in place', async () => {
    const decoded = await decodeAudio(fixture('stereo.opus'), 'stereo.opus');
    expect(decoded).toMatchObject({ channels: 2, frames: 28_800 });
    expect(likeness(decoded.channelData[0]!, tone(48_000, 0.6))).toBeGreaterThan(0.98);
    expect(likeness(decoded.channelData[1]!, tone(48_000, 0.6, 660, 0.25))).toBeGreaterThan(0.95);
  });

  it('decodes Vorbis at its own rate and original length', async () => {
    const decoded = await decodeAudio(fixture('tone.ogg'), 'tone.ogg');
    expect(decoded).toMatchObject({ container: 'vorbis', sampleRate: 16_000, channels: 1, frames: 9600 });
    expect(likeness(decoded.channelData[0]!, fixtureTone())).toBeGreaterThan(0.99);
  });

  it('goes by the content and not by the name', async () => {
    expect((await decodeAudio(fixture('tone.flac'), 'really.wav')).container).toBe('flac');
  });

  it('gives overlapping calls of different kinds each its own sound', async () => {
    const alone: DecodedAudio[] = [];
    for (const name of encoded) alone.push(await decodeAudio(fixture(name), name));
    const together = await Promise.all(
      [...encoded, ...encoded].map((name) => decodeAudio(fixture(name), name)),
    );
    expect(together).toEqual([...alone, ...alone]);
  });

  it('ignores an ID3v1 tag behind the sound', async () => {
    const tag = concat([new TextEncoder().encode('TAG'), new Uint8Array(125)]);
    for (const name of ['tone.flac', 'tone.mp3', 'stereo-untagged.mp3'] as const) {
      const decoded = await decodeAudio(concat([fixture(name), tag]), name);
      expect(decoded).toEqual(await decodeAudio(fixture(name), name));
    }
  });
});

describe('bad files', () => {
  it('calls 0 bytes empty', async () => {
    expect((await refusal(new Uint8Array(0))).code).toBe('audio/empty');
  });

  it('names the JPEG that is called .wav', async () => {
    const error = await refusal(jpegStart, 'holiday.wav');
    expect(error.code).toBe('audio/not-audio');
    expect(error.message).toContain('"holiday.wav" is not a sound file: it looks like a JPEG picture');
  });

  it('says where an MP3 was cut in the middle', async () => {
    for (const name of ['tone.mp3', 'stereo-untagged.mp3'] as const) {
      const bytes = fixture(name);
      const error = await refusal(bytes.subarray(0, bytes.length >> 1), name);
      expect(error.code).toBe('audio/damaged');
      expect(error.message).toContain('it was cut');
    }
  });

  it('notices an MP3 that lost its last whole frames by the count in its tag', async () => {
    const bytes = fixture('tone.mp3');
    const error = await refusal(bytes.subarray(0, bytes.length - 3 * 144));
    expect(error.code).toBe('audio/damaged');
    expect(error.message).toMatch(/promises \d+ MPEG frames, the file holds \d+/);
  });

  it('notices bytes overwritten in the middle of an MP3', async () => {
    const bytes = fixture('stereo-untagged.mp3');
    bytes.fill(0x41, 1000, 1600);
    const error = await refusal(bytes);
    expect(error.code).toBe('audio/damaged');
    expect(error.message).toContain('an MPEG frame should begin');
  });

  it('finds the FLAC frame whose checksum is wrong', async () => {
    const error = await refusal(flipped(fixture('tone.flac'), 11_000), 'four.flac');
    expect(error.code).toBe('audio/damaged');
    expect(error.message).toMatch(/FLAC frame \d+, at byte [\d,]+, does not match its checksum/);
  });

  it('finds a FLAC whose samples do not match the MD5 in its header', async () => {
    const error = await refusal(flipped(fixture('tone.flac'), 4 + 4 + 18));
    expect(error.code).toBe('audio/damaged');
    expect(error.message).toContain('MD5');
  });

  it('notices a FLAC that was cut, also between two frames', async () => {
    const bytes = fixture('tone.flac');
    expect((await refusal(bytes.subarray(0, bytes.length - 5))).message).toContain('or is cut off');
    const lastFrame = bytes.lastIndexOf(0xff, bytes.length - 100);
    let at = lastFrame;
    while (at > 0 && (bytes[at] !== 0xff || bytes[at + 1] !== 0xf8)) at--;
    const error = await refusal(bytes.subarray(0, at));
    expect(error.code).toBe('audio/damaged');
    expect(error.message).toContain('its header promises 9,600 samples per channel');
  });

  it.each(['tone.opus', 'stereo.opus', 'tone.ogg'] as const)(
    'notices that %s was cut or altered',
    async (name) => {
      const bytes = fixture(name);
      for (const length of [bytes.length - 1, bytes.length >> 1, 100]) {
        expect((await refusal(bytes.subarray(0, length), name)).code).toBe('audio/damaged');
      }
      const altered = await refusal(flipped(bytes, bytes.length - 200), name);
      expect(altered.code).toBe('audio/damaged');
      expect(altered.message).toContain('does not match its checksum');
    },
  );

  it('notices an Ogg file that ends at a page border before its last page', async () => {
    const bytes = fixture('stereo.opus');
    const lastPage = Buffer.from(bytes).lastIndexOf('OggS');
    const error = await refusal(bytes.subarray(0, lastPage));
    expect(error.code).toBe('audio/damaged');
    expect(error.message).toContain('before the page that ends the stream');
  });

  it('notices a page missing in the middle of an Ogg file', async () => {
    const bytes = fixture('stereo.opus');
    const pages = [...Buffer.from(bytes).toString('latin1').matchAll(/OggS/g)].map((match) => match.index);
    expect(pages.length).toBeGreaterThan(5);
    const error = await refusal(concat([bytes.subarray(0, pages[3]), bytes.subarray(pages[4])]));
    expect(error.message).toContain('Ogg page 3 is missing');
  });

  it.each(encoded)('gives the same sound of %s again after a damaged copy of it', async (name) => {
    const bytes = fixture(name);
    const before = await decodeAudio(bytes, name);
    for (const length of [bytes.length - 3, Math.floor(bytes.length * 0.7), Math.floor(bytes.length * 0.3)]) {
      expect((await refusal(bytes.subarray(0, length), name)).code).toMatch(/^audio\//);
    }
    expect(await decodeAudio(bytes, name)).toEqual(before);
  });

  it.each(encoded)(
    'answers every altered copy of %s with sound or a sentence, and forgets it',
    async (name) => {
      const bytes = fixture(name);
      const pristine = await decodeAudio(bytes, name);
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 })), {
            minLength: 1,
            maxLength: 20,
          }),
          async (changes) => {
            const altered = bytes.slice();
            for (const [at, value] of changes) altered[at] = value;
            try {
              const decoded = await decodeAudio(altered, name);
              expect(decoded.channelData[0]!.length).toBe(decoded.frames);
            } catch (error) {
              expect(error).toBeInstanceOf(EarmarkError);
            }
          },
        ),
        { numRuns: 60 },
      );
      expect(await decodeAudio(bytes, name)).toEqual(pristine);
    },
  );
});

describe('many files', () => {
  // libopus in its package loses 23 kB each time a state is made anew, and plays wrong sound once its memory is full.
  it('gives the 1,500th Opus clip the same sound as the first', async () => {
    const bytes = fixture('tone.opus');
    const first = await decodeAudio(bytes, 'tone.opus');
    for (let i = 0; i < 1499; i++) await decodeAudio(bytes, 'tone.opus');
    expect(await decodeAudio(bytes, 'tone.opus')).toEqual(first);
  });
});

describe('long files', () => {
  it('decodes a stream longer than one decoder call, without loss at the seams', async () => {
    // 40 copies of the untagged stream's frames are one longer stream, of more than one 64 KiB piece.
    const one = fixture('stereo-untagged.mp3');
    const decoded = await decodeAudio(concat(Array.from({ length: 40 }, () => one)), 'long.mp3');
    expect(decoded.frames).toBe(40 * 19 * 576);
    const short = await decodeAudio(one, 'short.mp3');
    const middle = decoded.channelData[0]!.subarray(20 * 19 * 576 + 1152, 21 * 19 * 576);
    expect(likeness(middle, short.channelData[0]!.subarray(1152))).toBeGreaterThan(0.999);
  });
});

describe.skipIf(!hasShared)('real recordings', () => {
  it('decodes Common Voice MP3 clips', async () => {
    const folder = sharedPath('data', 'common-voice-fa', 'clips');
    for (const name of readdirSync(folder).sort().slice(0, 40)) {
      const decoded = await decodeAudio(new Uint8Array(readFileSync(`${folder}/${name}`)), name);
      expect(decoded).toMatchObject({ container: 'mp3', channels: 1, sampleRate: 32_000 });
      expect(decoded.frames).toBeGreaterThan(32_000);
    }
  });

  it('decodes digits of the Free Spoken Digit Dataset', async () => {
    const folder = sharedPath('data', 'fsdd', 'recordings');
    for (const name of readdirSync(folder).sort().slice(0, 100)) {
      const bytes = new Uint8Array(readFileSync(`${folder}/${name}`));
      const decoded = await decodeAudio(bytes, name);
      expect(decoded).toMatchObject({ encoding: 'pcm_s16', channels: 1, sampleRate: 8000 });
      expect(decoded.channelData[0]!.some((x) => x !== 0)).toBe(true);
    }
  });
});

it('decodes a WAV of 24-bit and of float samples to the same sound', async () => {
  const sound = tone(16_000, 0.1);
  const asInts = await decodeAudio(wavFile([sound], { encoding: 'pcm_s24' }), 'a.wav');
  const asFloats = await decodeAudio(wavFile([sound], { encoding: 'pcm_f32' }), 'b.wav');
  expect(asInts.channelData).toEqual(asFloats.channelData);
});

it('decodes a FLAC with other block sizes right after one of the same length', async () => {
  const sample = (path: string) => readFileSync(new URL(`../../resources/sample/${path}`, import.meta.url));
  const decode = (path: string) => decodeAudio(sample(path), path);
  await decode('left/31433353_nohash_1.flac');
  const first = await decode('left/31433353_nohash_2.flac');
  const again = await decode('left/31433353_nohash_0.flac');
  expect(first.channelData).toEqual(again.channelData);
});
