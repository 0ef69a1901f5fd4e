// The clips table: pages, facets, one clip whole. Large columns travel as bytes (see arrays.ts).
import { z } from 'zod';
import { audioMeasures } from '../domain/audio.ts';
import { clipRow } from '../domain/clip.ts';
import { decisionEvent } from '../domain/decision.ts';
import { flagRow } from '../domain/flag.ts';
import { clipSelection, filterText, oc, sortKey } from './common.ts';

const pageInput = z.object({
  filter: filterText,
  sort: sortKey.nullable(),
  offset: z.number().int().nonnegative(),
  limit: z.number().int().min(1).max(1000),
  fields: z.array(z.string()).optional(),
});

export const facet = z.object({
  field: z.string(),
  /** Most frequent first; `value` null = not known. `count` = among the filter's clips. */
  values: z.array(z.object({ value: z.string().nullable(), count: z.number().int() })),
  distinct: z.number().int(),
});
export type Facet = z.infer<typeof facet>;

export const histogram = z.object({
  field: z.string(),
  /** bins + 1 edges. */
  edges: z.array(z.number()),
  counts: z.array(z.number().int()),
  /** Of all clips in the project, same bins. */
  totals: z.array(z.number().int()),
  missing: z.number().int(),
});

export const clipDetail = z.object({
  row: clipRow,
  measures: audioMeasures,
  extra: z.record(z.string(), z.string()),
  flags: z.array(flagRow),
  predictions: z.array(
    z.object({
      run: z.string(),
      predicted: z.string().nullable(),
      confidence: z.number().nullable(),
      hypothesis: z.string().nullable(),
      latencyMs: z.number().nullable(),
      /** Best first, at most ten. */
      top: z.array(z.object({ label: z.string(), probability: z.number() })),
      givenProbability: z.number().nullable(),
    }),
  ),
  history: z.array(decisionEvent),
  importedAt: z.string(),
});
export type ClipDetail = z.infer<typeof clipDetail>;

export const clipsContract = {
  page: oc.input(pageInput).output(
    z.object({
      total: z.number().int(),
      matched: z.number().int(),
      revision: z.number().int(),
      rows: z.array(clipRow),
    }),
  ),
  get: oc.input(z.object({ id: z.number().int().positive() })).output(clipDetail),
  facets: oc
    .input(
      z.object({
        filter: filterText,
        fields: z.array(z.string()).max(20),
        limit: z.number().int().max(1000),
      }),
    )
    .output(z.array(facet)),
  histogram: oc
    .input(z.object({ filter: filterText, field: z.string(), bins: z.number().int().min(2).max(200) }))
    .output(histogram),
  /** Where a clip stands in a sorted, filtered list; -1 = not in it. */
  position: oc
    .input(z.object({ id: z.number().int().positive(), filter: filterText, sort: sortKey.nullable() }))
    .output(z.object({ index: z.number().int() })),
  /** Counts by label of a selection, for the selection bar. */
  describe: oc.input(clipSelection).output(
    z.object({
      clips: z.number().int(),
      labels: z.array(z.object({ label: z.string().nullable(), count: z.number().int() })),
    }),
  ),
};

export const filterContract = {
  /** Checks names and types against the open project. `position` and `length` in UTF-16 units. */
  check: oc.input(z.object({ text: filterText })).output(
    z.union([
      z.object({ ok: z.literal(true), matched: z.number().int() }),
      z.object({
        ok: z.literal(false),
        position: z.number().int(),
        length: z.number().int(),
        message: z.string(),
        expected: z.array(z.string()),
      }),
    ]),
  ),
  complete: oc.input(z.object({ text: filterText, cursor: z.number().int().nonnegative() })).output(
    z.object({
      /** The span of the text that a suggestion replaces. */
      from: z.number().int(),
      to: z.number().int(),
      suggestions: z.array(
        z.object({
          text: z.string(),
          kind: z.enum(['field', 'operator', 'value', 'keyword', 'function']),
          detail: z.string().nullable(),
        }),
      ),
    }),
  ),
};
