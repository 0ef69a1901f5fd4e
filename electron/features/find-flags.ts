// Finding flags in stored measures: sound problems, exact duplicates, likely wrong labels. Pure functions from
// records to flags; every flag says why with its numbers.
import type { FlagSettings, LabelIssueMethod } from '../../shared/domain/flag.ts';
import type { ClipRecord, FlagInput } from '../catalog/index.ts';
import { combineRankings } from '../compute/embeddings/neighbour-labels.ts';
import { findLabelIssues } from '../compute/index.ts';

const db = (value: number): string => `${value.toFixed(1)} dBFS`;
const sec = (value: number): string => `${value.toFixed(2)} s`;
/** Never a zero that is none. */
const share = (value: number): string => (value > 0 && value < 0.005 ? '<0.01' : value.toFixed(2));

/** 0..1, low = bad: how far `value` lies beyond `limit`, 1 at the limit, falling by half every `halving`. */
function severity(beyond: number, halving: number): number {
  return 2 ** (-Math.max(0, beyond) / halving);
}

export const audioFlagKinds = [
  'silent',
  'too-quiet',
  'clipped',
  'cut-edge',
  'too-short',
  'too-long',
] as const;
type AudioFlagKind = (typeof audioFlagKinds)[number];

/** What the thresholds judge. Levels are null for digital silence. */
export interface SoundFigures {
  readonly isNoise: boolean;
  readonly durationSec: number;
  readonly peakDbfs: number | null;
  readonly rmsDbfs: number | null;
  readonly clippedSamples: number;
  readonly startEdgeDb: number | null;
  readonly endEdgeDb: number | null;
}

function isAbove(value: number | null, limit: number): value is number {
  return value !== null && value > limit;
}

/** Which thresholds a clip's sound breaks. Noise recordings are not judged by length or level, silent clips by no edge. */
export function soundProblems(sound: SoundFigures, settings: FlagSettings): AudioFlagKind[] {
  const problems: AudioFlagKind[] = [];
  const isSilent = sound.peakDbfs === null || sound.peakDbfs < settings.silentPeakDbfs;
  if (isSilent) problems.push('silent');
  if (sound.clippedSamples >= settings.clippedSamples) problems.push('clipped');
  if (sound.isNoise) return problems;
  if (!isSilent && sound.rmsDbfs !== null && sound.rmsDbfs < settings.quietRmsDbfs)
    problems.push('too-quiet');
  const isCut =
    isAbove(sound.startEdgeDb, settings.cutEdgeDb) || isAbove(sound.endEdgeDb, settings.cutEdgeDb);
  if (!isSilent && isCut) problems.push('cut-edge');
  if (sound.durationSec < settings.minDurationSec) problems.push('too-short');
  if (sound.durationSec > settings.maxDurationSec) problems.push('too-long');
  return problems;
}

type Finding = Pick<FlagInput, 'score' | 'reason' | 'evidence'>;

/** Score, sentence and numbers of each kind, for a clip that has the problem. */
const findings: Readonly<Record<AudioFlagKind, (clip: ClipRecord, settings: FlagSettings) => Finding>> = {
  silent: ({ measures: { peakDbfs } }, { silentPeakDbfs }) => ({
    score: peakDbfs === null ? 0 : severity(silentPeakDbfs - peakDbfs, 20),
    reason:
      peakDbfs === null
        ? 'Every sample is zero.'
        : `The loudest sample is ${db(peakDbfs)}; below ${db(silentPeakDbfs)} counts as silent.`,
    evidence: { peakDbfs, silentPeakDbfs },
  }),
  'too-quiet': ({ measures }, { quietRmsDbfs }) => {
    const rmsDbfs = measures.rmsDbfs ?? Number.NEGATIVE_INFINITY;
    return {
      score: severity(quietRmsDbfs - rmsDbfs, 10),
      reason: `The level is ${db(rmsDbfs)} RMS; below ${db(quietRmsDbfs)} counts as too quiet.`,
      evidence: { rmsDbfs, quietRmsDbfs },
    };
  },
  clipped: ({ measures }, settings) => {
    const { clippedSamples, clippedRuns, frames, channels } = measures;
    const clippedShare = clippedSamples / Math.max(1, frames * channels);
    const runs = `${clippedRuns} ${clippedRuns === 1 ? 'run' : 'runs'}`;
    return {
      score: Math.max(0, 1 - clippedShare * 10),
      reason: `${clippedSamples} samples lie at full scale in ${runs} (${(clippedShare * 100).toFixed(2)}% of the clip).`,
      evidence: { clippedSamples, clippedRuns, threshold: settings.clippedSamples },
    };
  },
  'cut-edge': ({ measures: { startEdgeDb, endEdgeDb } }, { cutEdgeDb }) => {
    const isStart = isAbove(startEdgeDb, cutEdgeDb);
    const isEnd = isAbove(endEdgeDb, cutEdgeDb);
    const worst = Math.max(startEdgeDb ?? Number.NEGATIVE_INFINITY, endEdgeDb ?? Number.NEGATIVE_INFINITY);
    const where = isStart && isEnd ? 'first and last' : isStart ? 'first' : 'last';
    return {
      score: severity(worst - cutEdgeDb, 6),
      reason: `The ${where} 20 ms are as loud as the speech (${worst.toFixed(1)} dB against the clip's level; above ${cutEdgeDb.toFixed(1)} dB counts as cut).`,
      evidence: { startEdgeDb, endEdgeDb, cutEdgeDb },
    };
  },
  'too-short': (clip, { minDurationSec }) => {
    const durationSec = durationOf(clip);
    return {
      score: durationSec / minDurationSec,
      reason: `It lasts ${sec(durationSec)}; under ${sec(minDurationSec)} counts as too short.`,
      evidence: { durationSec, minDurationSec },
    };
  },
  'too-long': (clip, { maxDurationSec }) => {
    const durationSec = durationOf(clip);
    return {
      score: maxDurationSec / durationSec,
      reason: `It lasts ${sec(durationSec)}; over ${sec(maxDurationSec)} counts as too long.`,
      evidence: { durationSec, maxDurationSec },
    };
  },
};

function durationOf({ measures }: ClipRecord): number {
  return measures.frames / measures.sampleRate;
}

/** The sound problems of one clip as flags. */
export function audioFlags(clip: ClipRecord, settings: FlagSettings): FlagInput[] {
  const sound = { ...clip.measures, durationSec: durationOf(clip), isNoise: clip.kind === 'noise' };
  return soundProblems(sound, settings).map((kind) => ({
    clipId: clip.id,
    path: clip.path,
    kind,
    ...findings[kind](clip, settings),
    proposed: null,
  }));
}

function namesOf(clips: readonly ClipRecord[], except: ClipRecord): string {
  const others = clips.filter((clip) => clip !== except).map((clip) => clip.path);
  return others.length > 3
    ? `${others.slice(0, 3).join(', ')} and ${others.length - 3} more`
    : others.join(', ');
}

function mostFrequent(values: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [first, second] = [...counts].sort((a, b) => b[1] - a[1]);
  return first !== undefined && (second === undefined || first[1] > second[1]) ? first[0] : null;
}

/** Clips with the same decoded samples: `duplicate`, and `duplicate-conflict` where label or transcript differ. */
export function duplicateFlags(clips: Iterable<ClipRecord>): FlagInput[] {
  const groups = new Map<string, ClipRecord[]>();
  for (const clip of clips) {
    if (clip.measures.frames === 0) continue;
    const group = groups.get(clip.measures.sampleHash);
    if (group) group.push(clip);
    else groups.set(clip.measures.sampleHash, [clip]);
  }
  const flags: FlagInput[] = [];
  for (const group of groups.values()) {
    if (group.length < 2) continue;
    const ids = group.map((clip) => clip.id);
    const labels = group.flatMap((clip) => (clip.label === null ? [] : [clip.label]));
    const transcripts = group.flatMap((clip) => (clip.transcript === null ? [] : [clip.transcript]));
    const differs = (values: readonly string[]): boolean => new Set(values).size > 1;
    const hasConflict = differs(labels) || differs(transcripts);
    for (const clip of group) {
      const others = namesOf(group, clip);
      flags.push({
        clipId: clip.id,
        path: clip.path,
        kind: 'duplicate',
        score: 1 / group.length,
        reason: `The same samples as ${others}.`,
        evidence: { clips: ids },
        proposed: null,
      });
      if (!hasConflict) continue;
      const what = differs(labels) ? `labels ${[...new Set(labels)].join(', ')}` : 'transcripts that differ';
      flags.push({
        clipId: clip.id,
        path: clip.path,
        kind: 'duplicate-conflict',
        score: 0,
        reason: `The same samples as ${others}, with ${what}.`,
        evidence: { clips: ids, labels: [...new Set(labels)], transcripts: [...new Set(transcripts)] },
        proposed: differs(labels) ? mostFrequent(labels) : null,
      });
    }
  }
  return flags;
}

export interface LabelIssueSource {
  readonly run: string;
  readonly labels: readonly string[];
  /** Rows x labels, row-major. */
  readonly probabilities: Float32Array;
  /** Clips with a prediction and a label that the run knows, with the row of their probabilities. */
  readonly clips: readonly {
    readonly id: number;
    readonly path: string;
    readonly label: string;
    readonly row: number;
  }[];
}

/**
 * Likely wrong labels by confident learning (ALGORITHMS 3). Rows whose probabilities are not numbers are left out and
 * counted.
 */
export function labelIssueFlags(
  source: LabelIssueSource,
  method: LabelIssueMethod,
): { flags: FlagInput[]; leftOut: number } {
  const k = source.labels.length;
  const indexOf = new Map(source.labels.map((label, index) => [label, index]));
  const usable = source.clips.filter(
    ({ label, row }) => indexOf.has(label) && isFiniteRow(source.probabilities, row, k),
  );
  const n = usable.length;
  const labels = new Int32Array(n);
  const probs = new Float32Array(n * k);
  for (const [index, clip] of usable.entries()) {
    labels[index] = indexOf.get(clip.label) ?? 0;
    probs.set(source.probabilities.subarray(clip.row * k, (clip.row + 1) * k), index * k);
  }
  if (n === 0) return { flags: [], leftOut: source.clips.length };
  const found = findLabelIssues({ labels, probs, n, k }, { filterBy: method });
  const flags: FlagInput[] = [];
  for (const index of found.ranked) {
    const clip = usable[index];
    if (!clip) continue;
    const given = found.selfConfidence[index] ?? 0;
    const proposedIndex = found.proposed[index] ?? 0;
    const proposed = source.labels[proposedIndex] ?? '';
    const best = probs[index * k + proposedIndex] ?? 0;
    flags.push({
      clipId: clip.id,
      path: clip.path,
      kind: 'label-issue',
      score: given,
      reason: `${source.run} gives ${clip.label} ${share(given)} and ${proposed} ${share(best)}.`,
      evidence: {
        run: source.run,
        method,
        given: clip.label,
        pGiven: given,
        proposed,
        pProposed: best,
        rank: flags.length + 1,
      },
      proposed,
    });
  }
  return { flags, leftOut: source.clips.length - n };
}

/**
 * Where a model, the neighbours and the class centres doubt labels, all are told: flags get their place in the common
 * order (mean reciprocal rank, ALGORITHMS 4), and the reasons of the others that doubt the same clip.
 * @param centres Clips that the centres doubt, worst first, and the label each proposes. They add to flags of the others
 *   and make none.
 */
export function rankTogether(
  flags: FlagInput[],
  centres: { readonly ranked: Int32Array; readonly proposed: ReadonlyMap<number, string> } | null,
): void {
  const rankings = (['label-issue', 'neighbour-issue'] as const).map((kind) => {
    const ranked = flags.filter((flag) => flag.kind === kind);
    return ranked.sort((a, b) => a.score - b.score || (a.clipId ?? 0) - (b.clipId ?? 0));
  });
  const combined = combineRankings([
    ...rankings.map((ranked) => Int32Array.from(ranked, ({ clipId }) => clipId ?? -1)),
    centres?.ranked ?? new Int32Array(0),
  ]).filter(({ ranks: [model, neighbours] }) => model !== null || neighbours !== null);
  const place = new Map(combined.map((one, at) => [one.row, { ...one, combinedRank: at + 1 }]));
  const reasons = rankings.map((ranked) => new Map(ranked.map(({ clipId, reason }) => [clipId, reason])));
  for (const [at, flag] of flags.entries()) {
    const detector = flag.kind === 'label-issue' ? 0 : flag.kind === 'neighbour-issue' ? 1 : -1;
    const found = place.get(flag.clipId ?? -1);
    if (detector < 0 || found === undefined) continue;
    const other = reasons[1 - detector]?.get(flag.clipId);
    const centre = centres?.proposed.get(flag.clipId ?? -1);
    const { combinedRank, meanReciprocalRank, ranks } = found;
    const centreReason = centre === undefined ? undefined : `The nearest class centre belongs to ${centre}.`;
    flags[at] = {
      ...flag,
      reason: [flag.reason, other, centreReason].filter((reason) => reason !== undefined).join(' '),
      evidence: {
        ...flag.evidence,
        combinedRank,
        meanReciprocalRank,
        ...(centre === undefined ? {} : { nearestCentre: centre, centreRank: ranks[2] ?? null }),
      },
    };
  }
}

function isFiniteRow(data: Float32Array, row: number, k: number): boolean {
  for (let at = row * k; at < (row + 1) * k; at++) {
    const value = data[at];
    if (value === undefined || !Number.isFinite(value) || value < 0 || value > 1) return false;
  }
  return true;
}
