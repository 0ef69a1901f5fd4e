// Embeddings of the clips: make, look at, and what their geometry says about labels and classes.
import { z } from 'zod';
import { builtinModels, computedWith, madeBy, metrics } from '../domain/embedding.ts';
import { jobStarted, oc } from './common.ts';

export const embeddingName = z.string().min(1).max(120);

export const embeddingSummary = z.object({
  name: z.string(),
  createdAt: z.string(),
  model: madeBy,
  rows: z.number().int(),
  failed: z.number().int(),
  dimensions: z.number().int(),
  computed: computedWith,
  /** Clips of the project that have no row yet: `embeddings.update` adds them. */
  missing: z.number().int(),
  neighbours: z
    .object({
      metric: z.enum(metrics),
      k: z.number().int(),
      method: z.enum(['exact', 'approximate']),
      recall: z.number().nullable(),
    })
    .nullable(),
  maps: z.number().int(),
  /** The one that the inspector, the flags and new maps take when none is named. */
  isInUse: z.boolean(),
});
export type EmbeddingSummary = z.infer<typeof embeddingSummary>;

export const neighbour = z.object({
  clipId: z.number().int(),
  path: z.string(),
  label: z.string().nullable(),
  speaker: z.string().nullable(),
  distance: z.number(),
});
export type Neighbour = z.infer<typeof neighbour>;

export const classGeometry = z.object({
  label: z.string(),
  n: z.number().int(),
  /** Mean distance to the class's centre. */
  intra: z.number().nullable(),
  nearestClass: z.string().nullable(),
  /** Distance from this class's centre to that of the nearest class. */
  inter: z.number().nullable(),
  /** -1..1: how much nearer its clips are to their own class than to the next. */
  silhouette: z.number().nullable(),
  /** Mean share of a clip's 15 nearest neighbours that have its label. */
  knnPurity: z.number().nullable(),
});
export type ClassGeometry = z.infer<typeof classGeometry>;

export const embeddingsContract = {
  list: oc.output(z.array(embeddingSummary)),
  /** The models that come with the studio and can run here. */
  builtin: oc.output(
    z.array(
      z.object({
        name: z.enum(builtinModels),
        title: z.string(),
        about: z.string(),
        dimensions: z.number().int(),
      }),
    ),
  ),
  /** Embeds every clip with a model of the studio, then finds the neighbours. */
  make: oc.input(z.object({ name: embeddingName, model: z.enum(builtinModels) })).output(jobStarted),
  /** Embeds the clips that have no row yet, and finds the neighbours again. */
  update: oc.input(z.object({ name: z.string() })).output(jobStarted),
  use: oc.input(z.object({ name: z.string() })).output(z.object({ name: z.string() })),
  rename: oc.input(z.object({ name: z.string(), to: embeddingName })).output(z.object({ name: z.string() })),
  remove: oc.input(z.object({ name: z.string() })).output(z.object({ removed: z.boolean() })),
  /** The clips nearest to one; `embedding` null = the one in use. Empty when the clip has no row. */
  neighbours: oc
    .input(
      z.object({
        clip: z.number().int().positive(),
        embedding: z.string().nullable(),
        k: z.number().int().min(1).max(200),
      }),
    )
    .output(z.object({ embedding: z.string(), neighbours: z.array(neighbour) })),
  /** Adds to a selection the clips nearest to it that are not in it: as many as it holds, or `count`. */
  grow: oc
    .input(
      z.object({
        embedding: z.string().nullable(),
        ids: z.array(z.number().int().positive()).min(1).max(1_000_000),
        count: z.number().int().min(1).max(100_000),
      }),
    )
    .output(z.object({ added: z.array(z.number().int()) })),
  geometry: oc.input(z.object({ embedding: z.string().nullable(), metric: z.enum(metrics) })).output(
    z.object({
      embedding: z.string(),
      classes: z.array(classGeometry),
      /** distances[i][j] between the centres of classes i and j, in the order of `classes`; null without clips. */
      distances: z.array(z.array(z.number().nullable())),
      /** Pairs of classes whose clips mingle, most first, each in a sentence with its numbers. */
      overlaps: z.array(z.object({ a: z.string(), b: z.string(), share: z.number(), sentence: z.string() })),
    }),
  ),
  /** A run of out-of-sample probabilities: K-fold logistic regression on an embedding. */
  probabilities: oc
    .input(
      z.object({
        embedding: z.string().nullable(),
        run: z.string().min(1).max(120),
        folds: z.number().int().min(2).max(50),
        by: z.enum(['label', 'speaker']),
        seed: z.number().int().min(0),
      }),
    )
    .output(jobStarted),
};
