// The columns of the candidates.
import type { z } from 'zod';
import type { fewShotCandidate } from '../../../shared/contract/few-shot.ts';
import { probability } from '../../lib/format.ts';
import { Bar, type GridColumn } from '../../ui/index.ts';
import { PlayButton } from '../player/index.ts';
import { Thumbnail } from '../waveform/index.ts';
import type { Verdict } from './state.ts';

type Candidate = z.infer<typeof fewShotCandidate>;

const verdictWords: Readonly<Record<Verdict, string>> = {
  accepted: 'accepted',
  relabelled: 'relabelled',
  rejected: 'not the word',
};

export function candidateColumns(context: {
  readonly verdicts: ReadonlyMap<number, Verdict>;
  readonly word: string;
  readonly threshold: number;
  readonly rowHeight: number;
}): readonly GridColumn<Candidate>[] {
  const { verdicts, word, threshold } = context;
  return [
    {
      id: 'play',
      title: 'Play',
      isTitleHidden: true,
      width: 34,
      align: 'center',
      cell: ({ clipId }) => <PlayButton clipId={clipId} className="few-shot-play" iconSize={13} />,
    },
    {
      id: 'waveform',
      title: 'Waveform',
      width: 84,
      cell: ({ clipId }) => <Thumbnail clipId={clipId} height={context.rowHeight - 5} isClipped={false} />,
    },
    {
      id: 'score',
      title: 'Score',
      width: 92,
      align: 'end',
      cell: ({ score }) => (
        <span className="few-shot-score">
          <Bar share={score} tone={score >= threshold ? 'accent' : 'plain'} />
          <span>{probability(score)}</span>
        </span>
      ),
      text: ({ score }) => String(score),
    },
    {
      id: 'label',
      title: 'Label',
      width: 66,
      cell: ({ clipId, label }) => {
        const now = verdicts.get(clipId) === 'relabelled' ? word : label;
        return (
          <span className={`ellipsis${now === word ? ' secondary' : ''}`} dir="auto">
            {now ?? <span className="secondary">–</span>}
          </span>
        );
      },
      text: ({ label }) => label ?? '',
    },
    {
      id: 'verdict',
      title: 'Answer',
      width: 80,
      cell: ({ clipId }) => {
        const verdict = verdicts.get(clipId);
        return verdict ? (
          <span className={verdict === 'rejected' ? 'secondary' : 'right'}>{verdictWords[verdict]}</span>
        ) : null;
      },
      text: ({ clipId }) => verdicts.get(clipId) ?? '',
    },
    {
      id: 'path',
      title: 'Clip',
      width: 108,
      isFlexible: true,
      cell: ({ path }) => (
        <bdi className="ellipsis secondary" title={path}>
          {path}
        </bdi>
      ),
      text: ({ path }) => path,
    },
  ];
}
