// Embeddings of clips, what made them, and maps of them on a plane.
import { z } from 'zod';

export const metrics = ['cosine', 'euclidean'] as const;
export type Metric = (typeof metrics)[number];

/** Embeddings that come with the studio, best first. */
export const builtinModels = ['encoder-1', 'acoustic-1'] as const;
export type BuiltinModel = (typeof builtinModels)[number];

/** What made an embedding or a run: a model of the studio, a file, or arrays of somebody else. */
export const madeBy = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('builtin'), name: z.string() }),
  /** `hash`: SHA-256 over the model's files and its description, hexadecimal. */
  z.object({ kind: z.literal('file'), name: z.string(), hash: z.string() }),
  /** K-fold logistic regression on an embedding. */
  z.object({ kind: z.literal('cross-validation'), embedding: z.string(), folds: z.number().int() }),
  z.object({ kind: z.literal('few-shot'), embedding: z.string(), label: z.string() }),
]);
export type MadeBy = z.infer<typeof madeBy>;

/** Time of one clip through the model alone, warm, one clip at a time. */
export const latency = z.object({ median: z.number(), p95: z.number(), clips: z.number().int() });
export type Latency = z.infer<typeof latency>;

export const computedWith = z.object({
  /** As people name it: `onnxruntime-node 1.30, CPU`. */
  backend: z.string(),
  threads: z.number().int(),
  msPerClip: latency.nullable(),
  seconds: z.number(),
  notes: z.array(z.string()),
});
export type ComputedWith = z.infer<typeof computedWith>;

export const mapMethods = ['tsne', 'umap', 'pca'] as const;
export type MapMethod = (typeof mapMethods)[number];
export const mapTitles: Readonly<Record<MapMethod, string>> = { tsne: 't-SNE', umap: 'UMAP', pca: 'PCA' };

/** A t-SNE of more points takes longer to unfold: at 105,829, 1,000 steps keep a sixth more true neighbours than 750. */
const MANY_POINTS = 50_000;

/** Steps that a method takes of `n` points when nothing is said. */
export function usualIterations(method: MapMethod, n: number): number {
  switch (method) {
    case 'tsne':
      return n > MANY_POINTS ? 1000 : 750;
    case 'umap':
      return n > 10_000 ? 200 : 500;
    case 'pca':
      return 0;
  }
}

/** Everything that a map depends on besides its embedding; the same settings give the same map. */
export const mapSettings = z.object({
  method: z.enum(mapMethods).default('tsne'),
  /** t-SNE: about how many neighbours each point minds. */
  perplexity: z.number().min(1).max(1000).default(30),
  /** t-SNE: steps, the first 250 with exaggerated attraction. UMAP: epochs. Null: the method's own number. */
  iterations: z.number().int().min(1).max(10_000).nullable().default(null),
  /** UMAP: neighbours of each point. */
  neighbours: z.number().int().min(2).max(200).default(15),
  /** UMAP: how close points may come. */
  minDist: z.number().min(0).max(0.99).default(0.1),
  metric: z.enum(metrics).default('cosine'),
  seed: z.number().int().min(0).max(4_294_967_295).default(0),
});
export type MapSettings = z.infer<typeof mapSettings>;

/** What a map kept of its embedding. */
export const mapReport = z.object({
  n: z.number().int(),
  seconds: z.number(),
  /** Kullback-Leibler divergence, t-SNE only. */
  kl: z.number().nullable(),
  /** Of 15 neighbours, 0..1 (Venna & Kaski 2001). */
  trustworthiness: z.number().nullable(),
  /** Share of the 15 nearest neighbours that are still among the 15 nearest on the map. */
  knnRecall: z.number().nullable(),
  /** Share of the variance that each axis keeps, PCA only. */
  varianceExplained: z.array(z.number()).nullable(),
  iterations: z.number().int(),
  /** Ended early with the picture as it was. */
  isStopped: z.boolean(),
  notes: z.array(z.string()),
});
export type MapReport = z.infer<typeof mapReport>;
