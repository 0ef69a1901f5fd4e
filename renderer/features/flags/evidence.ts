// The numbers behind a flag as short words: name and value. What is not known here is shown as it is.
import type { FlagRow } from '../../../shared/domain/flag.ts';
import { count, decibels, probability } from '../../lib/format.ts';

export interface EvidenceItem {
  readonly name: string;
  readonly value: string;
}

const asDbfs = (value: number | null) => decibels(value);
const asSec = (value: number | null) => (value === null ? '–' : `${value.toFixed(2)} s`);
const asCount = (value: number | null) => (value === null ? '–' : count(value));
const asDistance = (value: number | null) => (value === null ? '–' : value.toFixed(3));
const asProbability = (value: number | null) => probability(value);

const numbers: Readonly<Record<string, readonly [string, (value: number | null) => string]>> = {
  pGiven: ['p(label)', asProbability],
  pProposed: ['p(proposed)', asProbability],
  rank: ['rank', asCount],
  peakDbfs: ['peak', asDbfs],
  rmsDbfs: ['level', asDbfs],
  silentPeakDbfs: ['silent below', asDbfs],
  quietRmsDbfs: ['quiet below', asDbfs],
  clippedSamples: ['samples at full scale', asCount],
  clippedRuns: ['runs', asCount],
  threshold: ['flagged from', asCount],
  startEdgeDb: ['first 20 ms', asDbfs],
  endEdgeDb: ['last 20 ms', asDbfs],
  cutEdgeDb: ['cut above', asDbfs],
  durationSec: ['lasts', asSec],
  minDurationSec: ['short under', asSec],
  maxDurationSec: ['long over', asSec],
  combinedRank: ['overall rank', asCount],
  centreRank: ['rank by centres', asCount],
  meanDistance: ['distance', asDistance],
  typical: ['usual', asDistance],
  distance: ['distance', asDistance],
  correlation: ['correlation', asProbability],
};

const texts: Readonly<Record<string, string>> = { run: 'run', method: 'method', embedding: 'embedding' };

/** Evidence that the sentence or the row says already. */
const said: ReadonlySet<string> = new Set([
  'given',
  'proposed',
  'labels',
  'transcripts',
  'agreeing',
  'voters',
  'times',
  'nearestCentre',
  'meanReciprocalRank',
]);

export function evidenceOf(flag: Pick<FlagRow, 'evidence'>): readonly EvidenceItem[] {
  // Numbers first: where there is little room, the names of run and method may be cut.
  const isNumber = ([, value]: [string, unknown]) => Number(typeof value !== 'string');
  const entries = Object.entries(flag.evidence).sort((a, b) => isNumber(b) - isNumber(a));
  return entries.flatMap(([key, value]): EvidenceItem[] => {
    const known = numbers[key];
    if (known && (value === null || typeof value === 'number'))
      return [{ name: known[0], value: known[1](value) }];
    if (key === 'clips' && Array.isArray(value)) return [{ name: 'clips alike', value: count(value.length) }];
    if (said.has(key)) return [];
    if (typeof value === 'string') return [{ name: texts[key] ?? key, value: value.replaceAll('_', ' ') }];
    if (typeof value === 'number') return [{ name: key, value: String(value) }];
    return [];
  });
}
