// Numbers of a map in words: of the scale of colours, and of how a map was made.
import type { MapSummary } from '../../../shared/contract/maps.ts';
import { type MapSettings, mapTitles } from '../../../shared/domain/embedding.ts';
import { parseTerm, termInfo } from '../../../shared/filter/index.ts';
import { count, decibels, duration, percent, probability } from '../../lib/format.ts';
import { termProblem } from './colour-terms.ts';

/** A number of a term in its unit: `0.98 s`, `0.03`, `−31.2 dB`. */
export function numberInWords(by: string, value: number): string {
  const term = termProblem(by) === null ? parseTerm(by) : null;
  if (term?.type === 'probability') return probability(value);
  const info = term ? termInfo(term) : null;
  if (info?.name === 'confidence') return probability(value);
  if (info?.unit === 's') return duration(value);
  if (info?.unit?.startsWith('dB')) return decibels(value);
  const digits = Number.isInteger(value) ? count(value) : String(Number(value.toPrecision(3)));
  return info?.unit ? `${digits} ${info.unit}` : digits;
}

/** How a map was made, in few words: `t-SNE, perplexity 30, seed 0`. */
export function settingsInWords(settings: MapSettings): string {
  const { method, metric, seed, iterations } = settings;
  const parts = [mapTitles[method]];
  if (method === 'tsne') parts.push(`perplexity ${settings.perplexity}`);
  if (method === 'umap') parts.push(`${settings.neighbours} neighbours`, `distance ${settings.minDist}`);
  if (iterations !== null && method !== 'pca') parts.push(`${iterations} steps`);
  if (metric !== 'cosine') parts.push(metric);
  if (method !== 'pca') parts.push(`seed ${seed}`);
  return parts.join(', ');
}

/** What a map kept of its embedding, as short figures with their names. */
export function figuresOf({ report }: MapSummary): (readonly [name: string, figure: string, why: string])[] {
  const { trustworthiness, knnRecall, kl, varianceExplained, n, seconds, iterations } = report;
  return [
    ...(trustworthiness === null
      ? []
      : ([
          [
            'trustworthiness',
            trustworthiness.toFixed(3),
            '1 = every neighbour on the map is a neighbour in the embedding, of 15 (Venna and Kaski 2001)',
          ],
        ] as const)),
    ...(knnRecall === null
      ? []
      : ([
          [
            '15-NN kept',
            percent(knnRecall),
            'share of the 15 nearest neighbours that are still nearest on the map',
          ],
        ] as const)),
    ...(kl === null
      ? []
      : ([['KL', kl.toFixed(3), 'what t-SNE makes small: the lower, the closer']] as const)),
    ...(varianceExplained === null
      ? []
      : ([
          [
            'variance kept',
            percent(varianceExplained.reduce((sum, share) => sum + share, 0)),
            'share of the variance that the two axes keep',
          ],
        ] as const)),
    ['n', count(n), 'clips on the map'],
    ['made in', `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`, `${count(iterations)} steps`],
  ];
}
