// A map of clips as a file to keep: `.npy`, CSV, or a zip that TensorBoard's projector reads (FORMATS 11).
import { zipSync } from 'fflate';
import { csvRow } from './delimited.ts';
import { neutralised, neutralisedPath } from './export/neutralise.ts';
import { encodeNpy } from './npy.ts';

/** A point with what is said about its clip. */
export interface MapPoint {
  readonly x: number;
  readonly y: number;
  readonly path: string;
  readonly label: string | null;
  readonly speaker: string | null;
  readonly split: string | null;
}

/** N x 2 float32. */
export function mapNpy(points: readonly MapPoint[]): Uint8Array {
  const values = new Float32Array(points.length * 2);
  for (const [at, { x, y }] of points.entries()) {
    values[2 * at] = x;
    values[2 * at + 1] = y;
  }
  return encodeNpy(values, [points.length, 2]);
}

/** UTF-8, a header line, formulas neutralised. */
export function mapCsv(points: readonly MapPoint[]): Uint8Array {
  const lines = [csvRow(['path', 'label', 'speaker', 'split', 'x', 'y'])];
  for (const { path, label, speaker, split, x, y } of points) {
    const cells = [label, speaker, split].map((cell) => neutralised(cell ?? ''));
    lines.push(csvRow([neutralisedPath(path), ...cells, String(x), String(y)]));
  }
  return new TextEncoder().encode(lines.join(''));
}

/** A field of the projector's files: tabs and line ends would start another. */
const field = (text: string | null): string => (text ?? '').replace(/[\t\r\n]+/g, ' ');

/** vectors.tsv, metadata.tsv and projector_config.json in one zip. */
export function mapProjector(points: readonly MapPoint[], name: string): Uint8Array {
  const text = new TextEncoder();
  const vectors = points.map(({ x, y }) => `${x}\t${y}\n`).join('');
  const metadata = points
    .map(({ path, label, speaker, split }) => `${[path, label, speaker, split].map(field).join('\t')}\n`)
    .join('');
  const config = {
    embeddings: [
      {
        tensorName: name,
        tensorShape: [points.length, 2],
        tensorPath: 'vectors.tsv',
        metadataPath: 'metadata.tsv',
      },
    ],
  };
  return zipSync({
    'vectors.tsv': text.encode(vectors),
    'metadata.tsv': text.encode(`path\tlabel\tspeaker\tsplit\n${metadata}`),
    'projector_config.json': text.encode(`${JSON.stringify(config, null, 2)}\n`),
  });
}
