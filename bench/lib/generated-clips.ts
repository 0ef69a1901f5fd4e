// A Speech Commands dataset of any size for benchmarks: one-second 16 kHz clips of noise bursts and tones, every one
// different, in 35 words and 2,600 speakers. Made once per size and kept in the system's temporary folder.
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '../../electron/compute/index.ts';

const RATE = 16_000;
const SPEAKERS = 2600;
const words =
  'backward bed bird cat dog down eight five follow forward four go happy house learn left marvin nine no off on one right seven sheila six stop three tree two up visual wow yes zero'.split(
    ' ',
  );

function wavHeader(samples: number): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + samples * 2, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(RATE * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(samples * 2, 40);
  return header;
}

/** Folder of a dataset with `count` clips; made when it is not there yet. */
export function generatedClips(count: number): string {
  const folder = join(tmpdir(), `earmark-bench-${count}`);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.partial`;
  const random = createRandom(7);
  for (const word of words) mkdirSync(join(partial, word), { recursive: true });
  const noise = Float32Array.from({ length: RATE * 4 }, () => random() * 2 - 1);
  const header = wavHeader(RATE);
  for (let index = 0; index < count; index++) {
    const file = Buffer.alloc(44 + RATE * 2);
    header.copy(file);
    const samples = new Int16Array(file.buffer, file.byteOffset + 44, RATE);
    const from = Math.floor(random() * RATE * 3);
    const start = Math.floor(random() * 4000);
    const end = RATE - Math.floor(random() * 4000);
    const gain = 500 + random() * 12_000;
    const step = (2 * Math.PI * (100 + random() * 300)) / RATE;
    for (let at = 0; at < RATE; at++) {
      const isSpoken = at >= start && at < end;
      const value = isSpoken
        ? gain * (0.6 * Math.sin(step * at) + 0.4 * (noise[from + at] ?? 0))
        : 8 * (noise[from + at] ?? 0);
      samples[at] = value;
    }
    const speaker = (Math.imul(index % SPEAKERS, 2654435761) >>> 0).toString(16).padStart(8, '0');
    const word = words[index % words.length] ?? 'zero';
    writeFileSync(join(partial, word, `${speaker}_nohash_${Math.floor(index / SPEAKERS)}.wav`), file);
  }
  renameSync(partial, folder);
  return folder;
}
