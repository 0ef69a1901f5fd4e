// How the engine has work done in the processes that may be killed: a task is called, streams items back and ends with
// one answer. The tasks of each process stand in worker-tasks.ts and analysis-tasks.ts.
import type { ErrorData } from '../../shared/errors.ts';

/** The processes that work for the engine: `worker` parses and decodes, `analysis` computes and runs models. */
export const helperKinds = ['worker', 'analysis'] as const;
export type HelperKind = (typeof helperKinds)[number];

/** By name of the task: parameters, streamed items, result. */
export type TaskMap<Tasks> = {
  readonly [Name in keyof Tasks]: { params: unknown; item: unknown; result: unknown };
};

/** Engine -> helper. `ack` gives back room for one more streamed item; `finish` asks to end with what is there. */
export type ToHelper =
  | { readonly type: 'call'; readonly id: number; readonly task: string; readonly params: unknown }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'finish'; readonly id: number }
  | { readonly type: 'ack'; readonly id: number };

/** Helper -> engine. */
export type FromHelper =
  | { readonly type: 'item'; readonly id: number; readonly item: unknown }
  | { readonly type: 'done'; readonly id: number; readonly result: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly error: ErrorData };

/** Items that may be under way without an `ack`: bounds memory when the catalog is slower than the disk. */
export const ITEMS_IN_FLIGHT = 4;
