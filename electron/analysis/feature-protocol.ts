// Messages between the analysis process and its feature threads: clips in, what the model's first stage takes out. A
// thread answers a request in pieces and sends the next one only when an earlier one was taken, so that neither many
// clips nor a long one fill the memory.
import type { FileFailure } from '../../shared/domain/dataset.ts';
import type { AudioLocation } from '../ipc/worker-tasks.ts';
import type { Blocks, PreparePlan } from '../models/index.ts';

/** What a thread makes of clips: the input of a model, or the whole acoustic embedding. */
export type FeatureWork =
  | { readonly kind: 'prepare'; readonly plan: PreparePlan }
  | { readonly kind: 'acoustic' };

export interface ClipJob {
  readonly row: number;
  readonly location: AudioLocation;
}

/** Untaken pieces of a thread. */
export const PIECES_IN_FLIGHT = 2;

export type ToFeatureThread =
  | { readonly type: 'clips'; readonly clips: readonly ClipJob[] }
  | { readonly type: 'taken' };

export interface ClipPart {
  readonly row: number;
  /** Blocks of this clip in the piece. */
  readonly blocks: number;
  /** No further piece has blocks of this clip. */
  readonly isLast: boolean;
  /** Time from samples to blocks. */
  readonly ms: number;
}

export interface RowFailure extends FileFailure {
  readonly row: number;
}

/** Blocks of one shape, of one clip or several. */
export interface FeaturePiece {
  readonly blocks: Blocks;
  readonly parts: readonly ClipPart[];
  readonly failures: readonly RowFailure[];
}

export type FromFeatureThread =
  | { readonly type: 'piece'; readonly piece: FeaturePiece }
  /** All clips of the request were answered for. */
  | { readonly type: 'done' };
