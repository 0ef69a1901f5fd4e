// The clip in front: whose it is, and its waveform and spectrogram as large as the window allows.
import { useSyncExternalStore } from 'react';
import type { ClipDetail } from '../../../shared/contract/clips.ts';
import { duration, splitPath } from '../../lib/format.ts';
import { Chip } from '../../ui/index.ts';
import { ClipSound } from '../waveform/index.ts';
import { outcomeTitles } from './Ending.tsx';
import type { Outcome } from './queue.ts';

export interface SoundSize {
  readonly waveformHeight: number;
  readonly spectrogramHeight: number;
}

function windowSize(): string {
  return `${globalThis.innerWidth}x${globalThis.innerHeight}`;
}

function onResize(changed: () => void): () => void {
  globalThis.addEventListener('resize', changed);
  return () => globalThis.removeEventListener('resize', changed);
}

/** Width of the pictures on the screen now; 0 before there are any. */
export function soundWidth(): number {
  return document.querySelector('.review-stage .sound-frame')?.clientWidth ?? 0;
}

/** Heights of the pictures in this window. */
export function useSoundSize(): SoundSize {
  useSyncExternalStore(onResize, windowSize);
  const free = Math.max(112, globalThis.innerHeight - 342);
  const waveformHeight = Math.round(Math.min(300, free * 0.42));
  return {
    waveformHeight,
    spectrogramHeight: Math.round(Math.min(420, free - waveformHeight)),
  };
}

export function ClipStage(props: {
  readonly detail: ClipDetail | undefined;
  readonly place: string;
  readonly outcome: Outcome | undefined;
  readonly size: SoundSize;
}) {
  const { detail, outcome, size } = props;
  const row = detail?.row;
  const path = row ? splitPath(row.path) : null;
  const facts = row
    ? [
        duration(row.durationSec),
        row.speaker === null ? null : `speaker ${row.speaker}`,
        row.split,
        row.gender,
        row.accent,
      ].filter((fact) => fact !== null && fact !== '')
    : [];
  return (
    <div className="review-stage" style={{ minBlockSize: size.waveformHeight + size.spectrogramHeight + 98 }}>
      <div className="review-clip">
        <h2 className="ellipsis" dir="auto" title={row?.path}>
          {path && <span className="secondary">{path.folder}</span>}
          {path?.name ?? '\u00a0'}
        </h2>
        <span className="secondary review-facts" dir="auto">
          {facts.join('   ')}
        </span>
        <span className="review-place secondary">
          {outcome && <Chip tone="right">{outcomeTitles[outcome]}</Chip>}
          {row && !row.isPresent && <Chip tone="warn">file not there</Chip>}
          {props.place}
        </span>
      </div>
      {row?.transcript && (
        <p className="review-transcript" dir="auto">
          {row.transcript}
        </p>
      )}
      {detail && row && (
        <ClipSound
          key={row.id}
          clipId={row.id}
          durationSec={row.durationSec}
          clippedSamples={row.clippedSamples}
          silence={{ before: detail.measures.leadingSilenceSec, after: detail.measures.trailingSilenceSec }}
          waveformHeight={size.waveformHeight}
          spectrogramHeight={size.spectrogramHeight}
        />
      )}
    </div>
  );
}
