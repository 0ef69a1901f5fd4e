// Recording examples with the microphone: countdown, level, the take as it was heard, keep it or record again.
import { useEffect, useRef, useState } from 'react';
import { errorDataOf } from '../../lib/client.ts';
import { duration } from '../../lib/format.ts';
import { notifyError } from '../../lib/state/notices.ts';
import { Button, ErrorNotice, Icon, Spinner } from '../../ui/index.ts';
import { useFewShot } from './state.ts';
import { TakePicture } from './TakePicture.tsx';
import { type RecorderPhase, type Take, useRecorder } from './use-recorder.ts';

/** Five examples are what the method is made for. */
const WANTED = 5;
/** Louder than this and the loudest samples are cut off. */
const CLIPPED = 0.99;
const QUIET = 0.02;

export function Recorder({ word, onClose }: { readonly word: string; readonly onClose: () => void }) {
  const meter = useRef<HTMLSpanElement>(null);
  const fall = useRef(0);
  const { phase, begin, cancel, keep, again } = useRecorder((peak) => {
    // Rises at once and falls slowly, as meters do. Written past React: it changes fifty times a second.
    fall.current = Math.max(peak, fall.current * 0.88);
    const share = Math.max(0, 1 + Math.log10(Math.max(fall.current, 1e-3)) / 3);
    meter.current?.style.setProperty('inline-size', `${(share * 100).toFixed(1)}%`);
    meter.current?.classList.toggle('is-clipped', fall.current >= CLIPPED);
  });
  const recorded = useFewShot(({ examples }) => examples.length);
  const canRecord = word.trim() !== '';
  const keepIt = async (take: Take) => {
    try {
      const isLast = recorded + 1 >= WANTED;
      if ((await keep(take, word.trim())) && !isLast) begin();
    } catch (error) {
      notifyError(errorDataOf(error));
    }
  };
  return (
    <section className="recorder" aria-label="Record examples">
      <header>
        <h2>Record {canRecord ? <bdi>“{word.trim()}”</bdi> : 'the word'}</h2>
        <span className="secondary">
          {recorded < WANTED ? `${recorded} of ${WANTED} examples` : `${recorded} examples`}
        </span>
        <Button isSmall tone="quiet" onPress={onClose}>
          Close the microphone
        </Button>
      </header>
      {phase.at === 'failed' ? (
        <ErrorNotice error={phase.error} onRetry={() => void again()} />
      ) : (
        <>
          <div className="recorder-stage" role="status">
            <Stage phase={phase} />
          </div>
          <span className="recorder-level" aria-hidden="true">
            <span ref={meter} />
          </span>
          <div className="recorder-actions">
            <Controls
              phase={phase}
              canRecord={canRecord}
              isLast={recorded + 1 >= WANTED}
              onBegin={begin}
              onCancel={cancel}
              onKeep={(take) => void keepIt(take)}
            />
          </div>
        </>
      )}
    </section>
  );
}

function Stage({ phase }: { readonly phase: RecorderPhase }) {
  switch (phase.at) {
    case 'opening':
      return <Spinner label="Asking for the microphone" />;
    case 'ready':
      return (
        <p className="secondary">After a count from three, say the word once. Two seconds are recorded.</p>
      );
    case 'countdown':
      return <strong className="recorder-count">{phase.left}</strong>;
    case 'recording':
      return <strong className="recorder-now wrong">Speak now</strong>;
    case 'saving':
      return <Spinner label="Keeping it" />;
    case 'take':
      return <TakeWords take={phase.take} />;
    case 'failed':
      return null;
  }
}

function TakeWords({ take }: { readonly take: Take }) {
  const seconds = take.samples.length / take.sampleRate;
  return (
    <div className="recorder-take">
      <TakePicture samples={take.samples} />
      <p>
        {duration(seconds)} <span className="secondary">after the silence around it was cut</span>{' '}
        {!take.isHeard && <span className="warn">Nothing was heard above the background.</span>}
        {take.isHeard && take.peak >= CLIPPED && (
          <span className="warn">Too loud: it is clipped. A little farther from the microphone.</span>
        )}
        {take.isHeard && take.peak < QUIET && <span className="warn">Very quiet. A little nearer.</span>}
        {take.isCut && <span className="warn">It runs into the end and may be cut.</span>}
      </p>
    </div>
  );
}

/** Plays a take without sending it anywhere. */
function usePlayback(take: Take | null) {
  const [isPlaying, setIsPlaying] = useState(false);
  const playing = useRef<AudioContext | null>(null);
  const stop = () => {
    void playing.current?.close();
    playing.current = null;
    setIsPlaying(false);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: stopped when the take is another, or gone
  useEffect(() => stop, [take]);
  const toggle = () => {
    if (isPlaying || !take) {
      stop();
      return;
    }
    const context = new AudioContext();
    const buffer = context.createBuffer(1, Math.max(1, take.samples.length), take.sampleRate);
    buffer.getChannelData(0).set(take.samples);
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    source.onended = () => {
      if (playing.current === context) stop();
    };
    source.start();
    playing.current = context;
    setIsPlaying(true);
  };
  return { isPlaying, toggle };
}

function Controls(props: {
  readonly phase: RecorderPhase;
  readonly canRecord: boolean;
  readonly isLast: boolean;
  readonly onBegin: () => void;
  readonly onCancel: () => void;
  readonly onKeep: (take: Take) => void;
}) {
  const { phase } = props;
  const take = phase.at === 'take' ? phase.take : null;
  const { isPlaying, toggle } = usePlayback(take);
  if (take) {
    return (
      <>
        <Button icon={isPlaying ? 'stop' : 'play'} onPress={toggle}>
          {isPlaying ? 'Stop' : 'Play'}
        </Button>
        <Button onPress={props.onBegin}>Record again</Button>
        <Button tone="primary" autoFocus isDisabled={!take.isHeard} onPress={() => props.onKeep(take)}>
          {props.isLast ? 'Keep' : 'Keep, and the next'}
        </Button>
      </>
    );
  }
  if (phase.at === 'countdown' || phase.at === 'recording') {
    return <Button onPress={props.onCancel}>Cancel</Button>;
  }
  return (
    <>
      <Button
        tone="primary"
        autoFocus={props.canRecord}
        isDisabled={phase.at !== 'ready' || !props.canRecord}
        onPress={props.onBegin}
      >
        <Icon name="microphone" /> Record
      </Button>
      {!props.canRecord && <span className="secondary">Name the word first.</span>}
    </>
  );
}
