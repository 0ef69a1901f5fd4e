// Maps: pictures of an embedding on a plane. Coordinates and colours of many points travel as bytes (routes.ts).
import { z } from 'zod';
import { mapReport, mapSettings } from '../domain/embedding.ts';
import { jobStarted, oc } from './common.ts';

export const mapSummary = z.object({
  id: z.number().int(),
  embedding: z.string(),
  createdAt: z.string(),
  settings: mapSettings,
  report: mapReport,
});
export type MapSummary = z.infer<typeof mapSummary>;

/** What the points of a map are coloured by, with what its colours mean. */
export const mapLegend = z.discriminatedUnion('kind', [
  /** Most frequent first; a point's byte column holds the place in `values`. `value` null = none. */
  z.object({
    kind: z.literal('category'),
    values: z.array(z.object({ value: z.string().nullable(), count: z.number().int() })),
  }),
  /** `from`..`to` are the ends of the scale; `missing` points have no number. */
  z.object({
    kind: z.literal('number'),
    from: z.number(),
    to: z.number(),
    missing: z.number().int(),
  }),
]);
export type MapLegend = z.infer<typeof mapLegend>;

export const mapsContract = {
  /** Newest first. */
  list: oc.output(z.array(mapSummary)),
  /** A job that shows itself while it runs (`mapPreviewRoute`) and can be finished early. `embedding` null = in use. */
  start: oc.input(z.object({ embedding: z.string().nullable(), settings: mapSettings })).output(jobStarted),
  remove: oc.input(z.object({ id: z.number().int() })).output(z.object({ removed: z.boolean() })),
  /** `by`: a term of the filter language: `label`, `correct`, `predicted("run")`, `p("run", label)`, `durationSec`... */
  legend: oc.input(z.object({ map: z.number().int(), by: z.string().max(500) })).output(mapLegend),
};
