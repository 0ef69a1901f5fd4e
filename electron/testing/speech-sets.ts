// Real and synthetic words said by several speakers, and how well an embedding keeps a word together across them. For
// tests and benches; the recordings are those of the reference data and of the sample dataset.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { decodeAudio, mixDown, resample } from '../audio/index.ts';
import { readDelimited, sniffDialect } from '../formats/delimited.ts';
import { sharedPath } from './shared-data.ts';

export interface SpokenWord {
  readonly path: string;
  readonly label: string;
  readonly speaker: string;
}

export const speechSets = ['arabic-commands', 'fsdd', 'sample'] as const;
export type SpeechSet = (typeof speechSets)[number];

const sampleFolder = resolve(import.meta.dirname, '../../resources/sample');

/**
 * The words of a set in the order of their paths; empty where the set is not at hand. Clips of the sample with a planted
 * mistake are left out.
 */
export async function wordsOf(set: SpeechSet): Promise<SpokenWord[]> {
  if (set === 'sample') return sampleWords();
  const root = sharedPath('data', set === 'fsdd' ? 'fsdd/recordings' : 'arabic-commands/dataset');
  if (!existsSync(root)) return [];
  const files = (await readdir(root, { recursive: true })).filter((file) => file.endsWith('.wav')).sort();
  return files.map((file) => {
    const [first = '', second = ''] = file.split(/[/\\_]/);
    return { path: join(root, file), label: first, speaker: second };
  });
}

async function sampleWords(): Promise<SpokenWord[]> {
  const planted = new Set((await rowsOf('truth.csv')).map((row) => row.path));
  return (await rowsOf('clips.csv'))
    .filter(({ path, label }) => label !== '' && !planted.has(path))
    .map(({ path = '', label = '', speaker = '' }) => ({ path: join(sampleFolder, path), label, speaker }));
}

async function rowsOf(name: string): Promise<Record<string, string>[]> {
  const file = join(sampleFolder, name);
  const rows: Record<string, string>[] = [];
  let header: readonly string[] | undefined;
  for await (const batch of readDelimited(file, await sniffDialect(file))) {
    for (const { fields } of batch) {
      if (header === undefined) header = fields;
      else rows.push(Object.fromEntries(header.map((key, i) => [key, fields[i] ?? ''])));
    }
  }
  return rows;
}

/** A word's samples: one channel, 16 kHz. */
export async function samplesOf({ path }: SpokenWord): Promise<Float32Array> {
  const { channelData, sampleRate } = await decodeAudio(await readFile(path), path);
  return resample(mixDown(channelData), sampleRate, 16_000);
}

/**
 * Leave-speaker-out label purity: the mean share, over all words, of the k nearest words of other speakers (cosine) that
 * have the same label.
 * @param vectors One per word, all of one length.
 * @returns 0..1; with n labels evenly spread, 1 / n is chance.
 */
export function speakerOutPurity(
  vectors: readonly Float32Array[],
  words: readonly Pick<SpokenWord, 'label' | 'speaker'>[],
  k = 15,
): number {
  const units = vectors.map((vector) => {
    const length = Math.hypot(...vector);
    return length === 0 ? vector : vector.map((x) => x / length);
  });
  let total = 0;
  for (const [at, word] of words.entries()) {
    const own = units[at]!;
    const others: { readonly similarity: number; readonly isSame: boolean }[] = [];
    for (const [other, unit] of units.entries()) {
      if (words[other]!.speaker === word.speaker) continue;
      let similarity = 0;
      for (let i = 0; i < unit.length; i++) similarity += unit[i]! * own[i]!;
      others.push({ similarity, isSame: words[other]!.label === word.label });
    }
    others.sort((a, b) => b.similarity - a.similarity);
    const nearest = others.slice(0, k);
    total += nearest.filter(({ isSame }) => isSame).length / Math.max(1, nearest.length);
  }
  return words.length === 0 ? Number.NaN : total / words.length;
}
