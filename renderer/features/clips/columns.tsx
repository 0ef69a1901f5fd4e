// The columns of the clips table.
import type { ClipRow } from '../../../shared/domain/clip.ts';
import { type FlagKind, flagTitles } from '../../../shared/domain/flag.ts';
import { decibels, duration, probability, splitPath } from '../../lib/format.ts';
import { Chip, type GridColumn } from '../../ui/index.ts';
import { reasonTitles } from '../decisions/index.ts';
import { PlayButton } from '../player/index.ts';
import { Thumbnail } from '../waveform/index.ts';

function text(value: string | null): string {
  return value ?? '';
}

function LabelCell({ row }: { readonly row: ClipRow }) {
  const isChanged = row.label !== row.originalLabel;
  return (
    <span
      className={`clip-label ellipsis${isChanged ? ' is-changed' : ''}`}
      dir="auto"
      title={isChanged ? `Imported as ${row.originalLabel ?? 'no label'}` : undefined}
    >
      {row.label ?? <span className="secondary">–</span>}
      {isChanged && (
        <span className="visually-hidden"> changed, imported as {row.originalLabel ?? 'no label'}</span>
      )}
    </span>
  );
}

/** Short words for the chips of a row; the long title is in the tooltip. */
const shortFlags: Readonly<Record<FlagKind, string>> = {
  'label-issue': 'label',
  unreadable: 'unreadable',
  silent: 'silent',
  'too-quiet': 'quiet',
  clipped: 'clipped',
  'cut-edge': 'cut',
  'too-short': 'short',
  'too-long': 'long',
  duplicate: 'duplicate',
  'duplicate-conflict': 'conflict',
  'neighbour-issue': 'neighbours',
  outlier: 'outlier',
  'near-duplicate': 'near dup.',
};

function isFlagKind(kind: string): kind is FlagKind {
  return kind in flagTitles;
}

function FlagChips({ flags }: { readonly flags: readonly string[] }) {
  return (
    <span className="clip-flags">
      {flags.map((kind) => (
        <Chip
          key={kind}
          tone={kind === 'label-issue' || kind === 'duplicate-conflict' ? 'wrong' : 'warn'}
          title={isFlagKind(kind) ? flagTitles[kind] : kind}
        >
          {isFlagKind(kind) ? shortFlags[kind] : kind}
        </Chip>
      ))}
    </span>
  );
}

function reviewWords(row: Pick<ClipRow, 'review' | 'reviewReason'>): string {
  if (row.review !== 'unusable' || !row.reviewReason) return row.review ?? '';
  const titles: Readonly<Record<string, string>> = reasonTitles;
  return `unusable: ${(titles[row.reviewReason] ?? row.reviewReason).toLocaleLowerCase()}`;
}

function ReviewCell({ row }: { readonly row: ClipRow }) {
  const tone = row.review === 'accepted' ? 'right' : row.review === 'unusable' ? 'wrong' : 'warn';
  return row.review ? <span className={`${tone} ellipsis`}>{reviewWords(row)}</span> : null;
}

/** Columns of the table. Those that a dataset has nothing for are not shown at first; sentences come first without labels. */
export function clipColumns(
  rowHeight: number,
  has: { readonly labels: boolean; readonly run: boolean },
): readonly GridColumn<ClipRow>[] {
  const transcript: GridColumn<ClipRow> = {
    id: 'transcript',
    title: 'Transcript',
    width: 240,
    sortField: 'transcript',
    isHiddenAtFirst: has.labels,
    cell: (row) => (
      <span
        className={`ellipsis${row.transcript !== row.originalTranscript ? ' is-changed' : ''}`}
        dir="auto"
        title={row.transcript ?? ''}
      >
        {row.transcript}
      </span>
    ),
    text: (row) => text(row.transcript),
  };
  return [
    {
      id: 'play',
      title: 'Play',
      isTitleHidden: true,
      width: 36,
      align: 'center',
      cell: (row) => <PlayButton clipId={row.id} className="clip-play" iconSize={13} />,
    },
    {
      id: 'waveform',
      title: 'Waveform',
      width: 112,
      cell: (row) => <Thumbnail clipId={row.id} height={rowHeight - 5} isClipped={row.clippedSamples > 0} />,
    },
    {
      id: 'path',
      title: 'Clip',
      width: 156,
      isFlexible: true,
      sortField: 'path',
      cell: (row) => {
        const { folder, name } = splitPath(row.path);
        return (
          <span className="clip-path" dir="auto" title={row.path}>
            <span className="secondary ellipsis">{folder}</span>
            <span className="ellipsis">{name}</span>
            {!row.isPresent && <span className="warn"> missing</span>}
          </span>
        );
      },
      text: (row) => row.path,
    },
    ...(has.labels ? [] : [transcript]),
    {
      id: 'label',
      title: 'Label',
      width: 80,
      sortField: 'label',
      cell: (row) => <LabelCell row={row} />,
      text: (row) => text(row.label),
    },
    {
      id: 'predicted',
      title: 'Predicted',
      width: 80,
      isHiddenAtFirst: !has.run,
      sortField: 'predicted',
      cell: (row) => (
        <span
          className={`ellipsis ${row.predicted !== null && row.predicted !== row.label ? 'wrong' : 'secondary'}`}
          dir="auto"
        >
          {row.predicted}
        </span>
      ),
      text: (row) => text(row.predicted),
    },
    {
      id: 'p',
      title: 'p(given)',
      width: 72,
      isHiddenAtFirst: !has.run,
      align: 'end',
      sortField: 'p(given)',
      cell: (row) => (row.givenProbability === null ? null : probability(row.givenProbability)),
      text: (row) => (row.givenProbability === null ? '' : String(row.givenProbability)),
    },
    {
      id: 'confidence',
      title: 'Confidence',
      width: 92,
      align: 'end',
      sortField: 'confidence',
      sortsDescendingFirst: true,
      isHiddenAtFirst: true,
      cell: (row) => (row.confidence === null ? null : probability(row.confidence)),
      text: (row) => (row.confidence === null ? '' : String(row.confidence)),
    },
    {
      id: 'split',
      title: 'Split',
      width: 84,
      sortField: 'split',
      cell: (row) => <span className="secondary">{row.split}</span>,
      text: (row) => text(row.split),
    },
    {
      id: 'speaker',
      title: 'Speaker',
      width: 100,
      sortField: 'speaker',
      cell: (row) => (
        <span className="ellipsis" dir="auto">
          {row.speaker}
        </span>
      ),
      text: (row) => text(row.speaker),
    },
    {
      id: 'duration',
      title: 'Duration',
      width: 78,
      align: 'end',
      sortField: 'durationSec',
      cell: (row) => duration(row.durationSec),
      text: (row) => String(row.durationSec),
    },
    {
      id: 'level',
      title: 'Level',
      width: 84,
      align: 'end',
      sortField: 'rmsDbfs',
      cell: (row) => (
        <span className={row.rmsDbfs === null ? 'warn' : 'secondary'}>{decibels(row.rmsDbfs)}</span>
      ),
      text: (row) => (row.rmsDbfs === null ? '' : String(row.rmsDbfs)),
    },
    {
      id: 'peak',
      title: 'Peak',
      width: 84,
      align: 'end',
      sortField: 'peakDbfs',
      isHiddenAtFirst: true,
      cell: (row) => <span className="secondary">{decibels(row.peakDbfs)}</span>,
      text: (row) => (row.peakDbfs === null ? '' : String(row.peakDbfs)),
    },
    {
      id: 'flags',
      title: 'Flags',
      width: 120,
      cell: (row) => <FlagChips flags={row.flags} />,
      text: (row) => row.flags.join(' '),
    },
    ...(has.labels ? [transcript] : []),
    {
      id: 'review',
      title: 'Review',
      width: 110,
      sortField: 'review',
      cell: (row) => <ReviewCell row={row} />,
      text: (row) => reviewWords(row),
    },
    {
      id: 'note',
      title: 'Note',
      width: 120,
      sortField: 'note',
      cell: (row) => (
        <span className="secondary ellipsis" dir="auto" title={row.note ?? ''}>
          {row.note}
        </span>
      ),
      text: (row) => text(row.note),
    },
    {
      id: 'dataset',
      title: 'Dataset',
      width: 110,
      sortField: 'dataset',
      isHiddenAtFirst: true,
      cell: (row) => <span className="secondary ellipsis">{row.dataset}</span>,
      text: (row) => row.dataset,
    },
  ];
}
