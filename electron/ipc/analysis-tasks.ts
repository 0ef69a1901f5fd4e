// What the engine may ask of the analysis process: for each task its parameters, the items it streams back while it
// runs, and its result. Arrays of the size of a dataset go through .npy files; all paths are absolute.
import type { FileFailure } from '../../shared/domain/dataset.ts';
import type {
  BuiltinModel,
  ComputedWith,
  MapReport,
  MapSettings,
  Metric,
} from '../../shared/domain/embedding.ts';
import type { DryRunReport, ModelInspection } from '../../shared/domain/model-report.ts';
import type { AudioLocation } from './worker-tasks.ts';

/** How far a task is; `phase` in words for people. */
export interface Progress {
  readonly phase: string;
  readonly done: number;
  readonly total: number;
}

/** A model of the studio, or one of the person's own that was trusted with this hash. */
export type ModelSource =
  | { readonly kind: 'builtin'; readonly name: BuiltinModel }
  /** `path`: its description (JSON), or the model file itself when a description lies beside it. */
  | { readonly kind: 'file'; readonly path: string; readonly hash: string };

export interface InferResult {
  /** Of the scores; null when none were wanted. */
  readonly labels: readonly string[] | null;
  /** Of the embedding; null when none was wanted. */
  readonly dimensions: number | null;
  readonly clips: number;
  /** Clips without a result; their rows stay NaN. */
  readonly failed: number;
  readonly computed: ComputedWith;
}

export interface NeighboursResult {
  /** Rows, and neighbours of each (at most rows - 1). */
  readonly n: number;
  readonly k: number;
  readonly method: 'exact' | 'approximate';
  /** Share of the true neighbours found, measured on a sample; null when exact. */
  readonly recall: number | null;
  readonly seconds: number;
  readonly notes: readonly string[];
}

export interface ClassFiguresOfEmbedding {
  /** Code of the class in the labels given. */
  readonly code: number;
  readonly n: number;
  /** Mean distance to the class's centre. */
  readonly intra: number | null;
  readonly nearestClass: number | null;
  /** Distance between the centres of the class and of its nearest class. */
  readonly inter: number | null;
  readonly silhouette: number | null;
  /** Mean share of the 15 nearest neighbours with the same label. */
  readonly knnPurity: number | null;
}

export interface FewShotResult {
  /** Target score of every row, 0..1. */
  readonly scores: Float32Array;
  readonly threshold: number;
  /** Share of held-out unknowns at or over the threshold. */
  readonly falseAcceptRate: number;
  readonly heldOut: number;
  /** For each example: its target score when it was left out of the training, and whether that passes the threshold. */
  readonly leaveOneOut: readonly { readonly score: number; readonly isFound: boolean }[];
  readonly notes: readonly string[];
}

export interface AnalysisTasks {
  /**
   * Runs a model over clips, each a row: scores (N x labels) and embedding (N x dimensions) as float32 .npy files. Rows
   * that are not NaN in files which are there already stay: a run that was cut off goes on where it was.
   */
  infer: {
    params: {
      model: ModelSource;
      clips: readonly AudioLocation[];
      scoresOut: string | null;
      embeddingOut: string | null;
      threads: number | null;
    };
    item: Progress & { readonly failures: readonly FileFailure[] };
    result: InferResult;
  };
  /** What is in a model file or its description, and a description guessed. Runs nothing of the model. */
  inspectModel: {
    params: {
      path: string;
      /** Classes of the project. */
      knownLabels: readonly string[];
    };
    item: never;
    result: ModelInspection;
  };
  /** A model on a few clips: what would spoil a long run. Only for a model that is trusted. */
  tryModel: {
    params: {
      /** The description, or where it is going to be. */
      path: string;
      /** Instead of what stands there; null: what stands there. */
      description: unknown;
      clips: readonly AudioLocation[];
      threads: number | null;
    };
    item: never;
    result: DryRunReport;
  };
  /** Nearest neighbours of every row; N x k int32 and float32 files, -1 where there are fewer. */
  neighbours: {
    params: {
      features: string;
      k: number;
      metric: Metric;
      method: 'auto' | 'exact' | 'approximate';
      seed: number;
      threads: number | null;
      indicesOut: string;
      distancesOut: string;
    };
    item: Progress;
    result: NeighboursResult;
  };
  /** A picture of the rows on a plane; N x 2 float32 to `out`. With `finish` it ends with the picture as it is. */
  project: {
    params: MapSettings & { features: string; threads: number | null; out: string };
    item: Progress & {
      readonly kl: number | null;
      /** x, y of every row; null: no news. */
      readonly coordinates: Float32Array | null;
    };
    result: MapReport;
  };
  /** `labels`: a class code of each row, -1 = none. */
  classGeometry: {
    params: {
      features: string;
      labels: Int32Array;
      classes: number;
      metric: Metric;
      /** N x k indices of the nearest rows, for the purity. */
      neighbours: string | null;
      seed: number;
    };
    item: Progress;
    result: {
      readonly classes: readonly ClassFiguresOfEmbedding[];
      /** classes x classes distances between centres; NaN where a class has no clip. */
      readonly distances: Float32Array;
      /** Pairs that mingle, most first; the shares of a's neighbours that are b, and the other way round. */
      readonly overlaps: readonly {
        readonly a: number;
        readonly b: number;
        readonly shareOfA: number | null;
        readonly shareOfB: number | null;
      }[];
    };
  };
  /** Labels that the centres of the classes contradict (ALGORITHMS 4); `labels`: a class code of each row, -1 = none. */
  classCentres: {
    params: { features: string; labels: Int32Array; classes: number; metric: Metric; seed: number };
    item: Progress;
    result: {
      /** N: the class that has the nearest centre of all, -1 = not known. */
      readonly proposed: Int32Array;
      /** Rows whose label is not the proposed one, worst first. */
      readonly ranked: Int32Array;
    };
  };
  /** Out-of-sample class probabilities by K-fold logistic regression; N x classes float32 to `out`, NaN without label. */
  crossValidate: {
    params: {
      features: string;
      labels: Int32Array;
      classes: number;
      folds: number;
      /** A group of each row (speakers): the rows of a group are never split over folds. Null: stratified by label. */
      groups: Int32Array | null;
      seed: number;
      out: string;
    };
    item: Progress;
    result: { readonly seconds: number; readonly folds: number; readonly notes: readonly string[] };
  };
  /** A head for one new word on frozen embeddings. */
  fewShot: {
    params: {
      features: string;
      /** Rows of the examples. */
      targets: Int32Array;
      /** Rows that hold other words, and rows of background noise. */
      unknowns: Int32Array;
      backgrounds: Int32Array;
      /**
       * Variants of the targets (shifted, with noise) are embedded too, by the model that made the features; null where
       * it is not at hand.
       */
      variants: {
        readonly model: ModelSource;
        /** Where the targets lie, in their order. */
        readonly clips: readonly AudioLocation[];
        readonly noises: readonly AudioLocation[];
      } | null;
      wantedFalseAcceptRate: number;
      seed: number;
    };
    item: Progress;
    result: FewShotResult;
  };
  /** How alike two recordings' envelopes are, -1..1, at the best shift; NaN where one cannot be read. */
  compareEnvelopes: {
    params: { pairs: readonly (readonly [AudioLocation, AudioLocation])[] };
    item: Progress;
    result: { readonly similarity: Float32Array };
  };
}
