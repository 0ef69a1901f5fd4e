// A small dataset in the Speech Commands layout, made by code, with known mistakes and the predictions of a model.
import { wavFile } from '../audio/testing/fixtures.ts';
import type { FileTree } from './folders.ts';

const SAMPLE_RATE = 16_000;
const MARGIN_SEC = 0.05;

/** A tone with silence around it, as a 16-bit WAV: no sound flag applies to it. Different `hz`, different samples. */
export function wordWav(hz: number, { seconds = 0.5, amplitude = 0.5 } = {}): Uint8Array {
  const frames = Math.round(SAMPLE_RATE * seconds);
  const margin = Math.round(SAMPLE_RATE * MARGIN_SEC);
  const samples = Float32Array.from({ length: frames }, (_, at) =>
    at < margin || at >= frames - margin
      ? 0
      : Math.round(32_767 * amplitude * Math.sin((2 * Math.PI * hz * at) / SAMPLE_RATE)) / 32_768,
  );
  return wavFile([samples], { sampleRate: SAMPLE_RATE });
}

export const words = ['go', 'no', 'stop', 'yes'] as const;
const speakers = ['0a0a0a0a', '1b1b1b1b', '2c2c2c2c', '3d3d3d3d', '4e4e4e4e'] as const;

/** `go/0a0a0a0a_nohash_0.wav` and so on: five speakers say four words. */
export const wordPaths: readonly string[] = words.flatMap((word) =>
  speakers.map((speaker) => `${word}/${speaker}_nohash_0.wav`),
);

/** Says `no` in a folder of `yes`: its predictions give it away. */
export const mislabelled = 'yes/4e4e4e4e_nohash_0.wav';
export const silent = 'go/5f5f5f5f_nohash_0.wav';
export const loud = 'no/5f5f5f5f_nohash_0.wav';
/** The samples of `yes/0a0a0a0a_nohash_0.wav` under another label. */
export const duplicate = 'stop/5f5f5f5f_nohash_0.wav';
export const cutShort = 'yes/5f5f5f5f_nohash_0.wav';
export const hum = '_background_noise_/hum.wav';

export const clipsOfWords = wordPaths.length + 4;

/** Twenty sound clips, four with planted mistakes of sound, one noise recording that is one of them, one broken file. */
export function wordFiles(): FileTree {
  const pitchOf = (path: string): number => 200 + 37 * wordPaths.indexOf(path);
  const files: Record<string, Uint8Array> = {};
  for (const path of wordPaths) files[path] = wordWav(pitchOf(path));
  const first = 'yes/0a0a0a0a_nohash_0.wav';
  return {
    ...files,
    [silent]: wordWav(0, { amplitude: 0 }),
    [loud]: wavFile([Float32Array.from({ length: 8000 }, (_, at) => (at % 40 < 20 ? 1 : -1))]),
    [duplicate]: wordWav(pitchOf(first)),
    [cutShort]: wordWav(999).subarray(0, 30),
    [hum]: wordWav(50, { seconds: 2 }),
  };
}

/** Which label a model gives a clip: its word, but for the mislabelled one. */
export function truthOf(path: string): string {
  return path === mislabelled ? 'no' : (path.split('/')[0] ?? '');
}

/** `path,p_go,p_no,p_stop,p_yes` of the twenty sound clips; 0.91 for the right word, 0.03 for the others. */
export function wordPredictions(): string {
  const rows = wordPaths.map((path) => {
    const right = truthOf(path);
    return [path, ...words.map((word) => (word === right ? 0.91 : 0.03))].join(',');
  });
  return `${['path', ...words.map((word) => `p_${word}`)].join(',')}\n${rows.join('\n')}\n`;
}
