// Labels that the nearest clips contradict.
import { EarmarkError } from '../../../shared/errors.ts';
import { checkGraph, checkLabels, type NeighbourGraph } from './features.ts';

export interface NeighbourLabelInput {
  /** With more neighbours than `k` where some may be left out: the first k admissible ones count. */
  readonly graph: NeighbourGraph;
  /** N label codes, -1 = none. */
  readonly labels: Int32Array;
  readonly classes: number;
  /** How many neighbours vote; default 15. */
  readonly k?: number;
  /** N codes, -1 = unknown: neighbours of the same speaker are left out. */
  readonly speakers?: Int32Array | null;
  /** N codes, -1 = none: neighbours with the same code (copies of the same sound) are left out. */
  readonly copies?: Int32Array | null;
}

export interface NeighbourLabels {
  /** N: weighted share of the neighbours with the row's own label, 0..1, low = bad; NaN where nothing can be said. */
  readonly scores: Float64Array;
  /** N: the label with the most weight among the neighbours, the row's own among equals; -1 where nothing can be said. */
  readonly proposed: Int32Array;
  /** N: neighbours that have the proposed label, out of ... */
  readonly agreeing: Int32Array;
  /** ... N: neighbours that voted, at most k. */
  readonly voters: Int32Array;
  /** Rows whose label is not the proposed one, worst first (by score, then by row). */
  readonly ranked: Int32Array;
}

/**
 * For each labelled row the share of its k nearest labelled neighbours with the same label, weighted by 1/rank
 * (ALGORITHMS 4: 1 minus the share with another label). An unlabelled row gets a proposal and no score.
 * Errors: as `checkGraph` and `checkLabels`; `neighbours/k` for k < 1; `labels/shape` for codes of another length.
 */
export function neighbourLabels(input: NeighbourLabelInput): NeighbourLabels {
  const { graph, labels, classes, k = 15, speakers = null, copies = null } = input;
  const { n, indices } = graph;
  checkGraph(graph);
  checkLabels(labels, n, classes);
  for (const codes of [speakers, copies]) if (codes !== null) checkLabels(codes, n, Number.POSITIVE_INFINITY);
  if (!Number.isSafeInteger(k) || k < 1) {
    throw new EarmarkError(
      'neighbours/k',
      `At least one neighbour has to vote, not ${k}. Nothing was computed.`,
    );
  }
  const scores = new Float64Array(n).fill(Number.NaN);
  const proposed = new Int32Array(n).fill(-1);
  const agreeing = new Int32Array(n);
  const voters = new Int32Array(n);
  const weight = new Float64Array(classes);
  const votes = new Int32Array(classes);
  for (let row = 0; row < n; row++) {
    const speaker = speakers?.[row] ?? -1;
    const copy = copies?.[row] ?? -1;
    const own = labels[row]!;
    weight.fill(0);
    votes.fill(0);
    let total = 0;
    let count = 0;
    for (let at = row * graph.k; at < (row + 1) * graph.k && count < k; at++) {
      const other = indices[at]!;
      if (other < 0) break;
      const label = labels[other]!;
      if (label < 0) continue;
      if (speaker >= 0 && speakers![other] === speaker) continue;
      if (copy >= 0 && copies![other] === copy) continue;
      count++;
      total += 1 / count;
      weight[label]! += 1 / count;
      votes[label]!++;
    }
    voters[row] = count;
    if (count === 0) continue;
    let best = Math.max(own, 0);
    for (let label = 0; label < classes; label++) if (weight[label]! > weight[best]!) best = label;
    proposed[row] = best;
    agreeing[row] = votes[best]!;
    if (own >= 0) scores[row] = weight[own]! / total;
  }
  return { scores, proposed, agreeing, voters, ranked: rankContradicted(scores, labels, proposed) };
}

/** Rows with a score whose proposed label is another one, lowest score first, then by row. */
export function rankContradicted(scores: Float64Array, labels: Int32Array, proposed: Int32Array): Int32Array {
  const rows: number[] = [];
  for (let row = 0; row < scores.length; row++) {
    if (!Number.isNaN(scores[row]!) && proposed[row]! >= 0 && proposed[row] !== labels[row]) rows.push(row);
  }
  return Int32Array.from(rows).sort((a, b) => scores[a]! - scores[b]! || a - b);
}

export interface CombinedRank {
  readonly row: number;
  /** Mean of 1/rank over the detectors, 0 where a detector does not name the row. 0..1, high = bad. */
  readonly meanReciprocalRank: number;
  /** By detector: 1 = worst; null where it does not name the row. */
  readonly ranks: readonly (number | null)[];
}

/** Several detectors' rankings (rows, worst first) as one, by mean reciprocal rank; equal ones by row. */
export function combineRankings(rankings: readonly Int32Array[]): CombinedRank[] {
  const ranksOf = new Map<number, (number | null)[]>();
  for (const [detector, ranking] of rankings.entries()) {
    for (const [at, row] of ranking.entries()) {
      let ranks = ranksOf.get(row);
      if (!ranks) {
        ranks = rankings.map(() => null);
        ranksOf.set(row, ranks);
      }
      ranks[detector] ??= at + 1;
    }
  }
  const combined = Array.from(ranksOf, ([row, ranks]) => {
    const sum = ranks.reduce<number>((total, rank) => total + (rank === null ? 0 : 1 / rank), 0);
    return { row, meanReciprocalRank: sum / rankings.length, ranks };
  });
  return combined.sort((a, b) => b.meanReciprocalRank - a.meanReciprocalRank || a.row - b.row);
}
