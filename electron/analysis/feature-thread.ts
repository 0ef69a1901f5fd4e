// A feature thread: reads and decodes clips and makes of them what a model takes. Blocking reads on purpose, as on the
// scanning threads. Imports files, not folders: several threads start for every run, and should not load the runtimes.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { EarmarkError, toErrorData } from '../../shared/errors.ts';
import { decodeAudio } from '../audio/index.ts';
import { Containment } from '../formats/containment.ts';
import type { Blocks } from '../models/index.ts';
import { createBlocksOf } from './blocks-of.ts';
import {
  type ClipJob,
  type ClipPart,
  type FeatureWork,
  type FromFeatureThread,
  PIECES_IN_FLIGHT,
  type RowFailure,
  type ToFeatureThread,
} from './feature-protocol.ts';

/** Larger files are refused: decoding would not fit in memory. */
const MAX_FILE_BYTES = 2 ** 31 - 1;
/** Numbers of a piece, 4 MiB. */
const PIECE_NUMBERS = 1 << 20;

/** Files up to this size, which are nearly all, are read into one buffer. */
const common = Buffer.allocUnsafeSlow(1 << 20);

const port = parentPort;
const work = workerData as FeatureWork;
const blocksOf = createBlocksOf(work);
const folders = new Map<string, Promise<Containment>>();

let untaken = 0;
let wake: (() => void) | null = null;

async function send(piece: Extract<FromFeatureThread, { type: 'piece' }>['piece']): Promise<void> {
  while (untaken >= PIECES_IN_FLIGHT) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  untaken++;
  port?.postMessage({ type: 'piece', piece } satisfies FromFeatureThread, [
    piece.blocks.data.buffer as ArrayBuffer,
  ]);
}

/** Gathers blocks of one shape until they are worth a message. */
class PieceWriter {
  private held: Blocks[] = [];
  private parts: ClipPart[] = [];
  private failures: RowFailure[] = [];
  private numbers = 0;

  async add(row: number, blocks: Blocks, ms: number): Promise<void> {
    const [first] = this.held;
    const isSame =
      first === undefined || (first.frames === blocks.frames && first.features === blocks.features);
    if (!isSame || this.numbers + blocks.data.length > PIECE_NUMBERS) await this.flush();
    this.held.push(blocks);
    this.parts.push({ row, blocks: blocks.count, isLast: false, ms });
    this.numbers += blocks.data.length;
  }

  /** The clip whose blocks came last is complete. */
  close(): void {
    const last = this.parts.pop();
    if (last !== undefined) this.parts.push({ ...last, isLast: true });
  }

  fail(failure: RowFailure): void {
    this.failures.push(failure);
  }

  async flush(): Promise<void> {
    const { held, parts, failures } = this;
    if (parts.length === 0 && failures.length === 0) return;
    const [first] = held;
    let data = first?.data ?? new Float32Array(0);
    if (held.length > 1 || data.byteLength < data.buffer.byteLength) {
      data = new Float32Array(this.numbers);
      let at = 0;
      for (const blocks of held) {
        data.set(blocks.data, at);
        at += blocks.data.length;
      }
    }
    const count = held.reduce((sum, blocks) => sum + blocks.count, 0);
    this.held = [];
    this.parts = [];
    this.failures = [];
    this.numbers = 0;
    await send({
      blocks: { data, count, frames: first?.frames ?? 0, features: first?.features ?? 0 },
      parts,
      failures,
    });
  }
}

async function readClip({ location }: ClipJob): Promise<Uint8Array> {
  let folder = folders.get(location.root);
  if (folder === undefined) {
    folder = Containment.open(location.root);
    folders.set(location.root, folder);
  }
  const inside = await (await folder).locate(location.path, { file: 'The project' });
  const descriptor = openSync(join(location.root, inside), 'r');
  try {
    const { size } = fstatSync(descriptor);
    if (size > MAX_FILE_BYTES) {
      throw new EarmarkError(
        'audio/too-large',
        `${location.path}: the file has ${size} bytes; at most ${MAX_FILE_BYTES} can be read. Cut the recording into parts.`,
      );
    }
    // Decoders copy what they take, so that the next file may have the same memory.
    const content = size <= common.length ? common.subarray(0, size) : Buffer.allocUnsafe(size);
    let filled = 0;
    while (filled < size) {
      const got = readSync(descriptor, content, filled, size - filled, null);
      if (got === 0) break;
      filled += got;
    }
    return content.subarray(0, filled);
  } finally {
    closeSync(descriptor);
  }
}

async function answer(clips: readonly ClipJob[]): Promise<void> {
  const writer = new PieceWriter();
  for (const clip of clips) {
    const { path } = clip.location;
    try {
      const audio = await decodeAudio(await readClip(clip), path);
      // A block is held back until the next is made: only then it is known whether it is the clip's last.
      const made = blocksOf(audio, path);
      let start = performance.now();
      for (let next = made.next(); !next.done; next = made.next()) {
        const ms = performance.now() - start;
        await writer.add(clip.row, next.value, ms);
        start = performance.now();
      }
      writer.close();
    } catch (error) {
      const { code, message } = toErrorData(error);
      writer.fail({
        row: clip.row,
        file: path,
        code,
        message: message.includes(path) ? message : `${path}: ${message}`,
      });
    }
  }
  await writer.flush();
  port?.postMessage({ type: 'done' } satisfies FromFeatureThread);
}

let answers: Promise<void> = Promise.resolve();
port?.on('message', (message: ToFeatureThread) => {
  if (message.type === 'clips') answers = answers.then(() => answer(message.clips));
  else {
    untaken--;
    wake?.();
    wake = null;
  }
});
