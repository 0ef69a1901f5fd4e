// Keeps one decoder instance of a kind alive between clips, because starting one costs more than a short clip.
// A decoder that failed is thrown away: what it kept of a broken stream must never reach the next clip.
import { EarmarkError } from '../../shared/errors.ts';
import { damagedAudio } from './problems.ts';

export interface Releasable {
  free(): void;
}

export class DecoderSlot<T extends Releasable> {
  private instance: Promise<T> | null = null;
  private tail: Promise<unknown> = Promise.resolve();
  private readonly create: () => Promise<T>;

  constructor(create: () => Promise<T>) {
    this.create = create;
  }

  /**
   * Runs `work` with the instance, one at a time. Any failure drops the instance; one that is not an EarmarkError
   * (a trap in the decoder) becomes `audio/damaged`, since only a broken stream brings a decoder there.
   */
  run<R>(name: string, work: (decoder: T) => R | Promise<R>): Promise<R> {
    const turn = this.tail.then(() => this.attempt(name, work));
    this.tail = turn.catch(() => undefined);
    return turn;
  }

  private async attempt<R>(name: string, work: (decoder: T) => R | Promise<R>): Promise<R> {
    this.instance ??= this.create().catch((error: unknown) => {
      this.instance = null; // the next clip tries again
      throw error;
    });
    const decoder = await this.instance;
    try {
      return await work(decoder);
    } catch (error) {
      this.instance = null;
      try {
        decoder.free();
      } catch {
        // After a trap the instance's memory may be broken; it is garbage either way.
      }
      if (error instanceof EarmarkError) throw error;
      throw damagedAudio(
        name,
        `the decoder gave up on it (${error instanceof Error ? error.message : String(error)})`,
      );
    }
  }
}

/** After this many complaints about one clip a decoder is stopped: mpg123's wrapper would ask again for ever. */
const MAX_COMPLAINTS = 50;

/**
 * Runs a synchronous decoder call with console.error silenced: the decoder packages print each error they also
 * return, which would flood the terminal of an import.
 */
export function quietly<R>(call: () => R): R {
  const original = console.error;
  let complaints = 0;
  console.error = (...what: unknown[]) => {
    if (++complaints > MAX_COMPLAINTS) throw new Error(String(what[0]));
  };
  try {
    return call();
  } finally {
    console.error = original;
  }
}
