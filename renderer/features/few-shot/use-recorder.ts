// Recording a word: countdown, two seconds of sound, the silence around the word cut. One take at a time.
import { useCallback, useEffect, useRef, useState } from 'react';
import { recordingRoute } from '../../../shared/contract/routes.ts';
import type { ErrorData } from '../../../shared/errors.ts';
import { errorDataOf, fetchBytes } from '../../lib/client.ts';
import { type Microphone, openMicrophone } from './sound/microphone.ts';
import { type Spoken, spokenPart } from './sound/trim.ts';
import { wavOfSamples } from './sound/wav.ts';
import { setExamples, useFewShot } from './state.ts';

const COUNTDOWN_FROM = 3;
const COUNT_MS = 700;
const RECORDED_SEC = 2;

export interface Take extends Spoken {
  /** The word alone. */
  readonly samples: Float32Array;
  readonly sampleRate: number;
}

export type RecorderPhase =
  | { readonly at: 'opening' | 'ready' | 'recording' | 'saving' }
  | { readonly at: 'countdown'; readonly left: number }
  | { readonly at: 'take'; readonly take: Take }
  | { readonly at: 'failed'; readonly error: ErrorData };

/** Sends a take to the project and adds its clip to the examples. */
async function keepTake(take: Take, word: string): Promise<void> {
  const response = await fetchBytes(recordingRoute(word), {
    method: 'POST',
    headers: { 'content-type': 'audio/wav' },
    body: wavOfSamples(take.samples, take.sampleRate),
  });
  const { clipId } = (await response.json()) as { path: string; clipId: number };
  const { examples, recorded } = useFewShot.getState();
  setExamples([...examples, clipId]);
  useFewShot.setState({ recorded: new Set([...recorded, clipId]) });
}

/**
 * The microphone while a component is on the screen. `onLevel` hears the loudest sample (0..1) of each piece of sound,
 * many times a second. It is let go when the component leaves.
 */
export function useRecorder(onLevel: (peak: number) => void) {
  const [phase, setPhase] = useState<RecorderPhase>({ at: 'opening' });
  const microphone = useRef<Microphone | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const stopRecording = useRef(() => {});
  const level = useRef(onLevel);
  level.current = onLevel;

  const open = useCallback(() => {
    let isLeft = false;
    setPhase({ at: 'opening' });
    openMicrophone().then(
      (opened) => {
        if (isLeft) {
          opened.close();
          return;
        }
        microphone.current = opened;
        opened.onSamples((samples) => {
          let peak = 0;
          for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
          level.current(peak);
        });
        setPhase({ at: 'ready' });
      },
      (error: unknown) => {
        if (!isLeft) setPhase({ at: 'failed', error: errorDataOf(error) });
      },
    );
    return () => {
      isLeft = true;
      clearTimeout(timer.current);
      stopRecording.current();
      microphone.current?.close();
      microphone.current = null;
    };
  }, []);
  useEffect(open, [open]);

  const record = () => {
    const from = microphone.current;
    if (!from) return;
    setPhase({ at: 'recording' });
    const wanted = Math.round(RECORDED_SEC * from.sampleRate);
    const samples = new Float32Array(wanted);
    let filled = 0;
    const stop = from.onSamples((piece) => {
      samples.set(piece.subarray(0, wanted - filled), filled);
      filled = Math.min(wanted, filled + piece.length);
      if (filled < wanted) return;
      stop();
      const spoken = spokenPart(samples, from.sampleRate);
      const take = {
        ...spoken,
        samples: samples.slice(spoken.from, spoken.to),
        sampleRate: from.sampleRate,
      };
      setPhase({ at: 'take', take });
    });
    stopRecording.current = stop;
  };
  const begin = () => {
    clearTimeout(timer.current);
    const count = (left: number) => {
      if (left === 0) {
        record();
        return;
      }
      setPhase({ at: 'countdown', left });
      timer.current = setTimeout(() => count(left - 1), COUNT_MS);
    };
    count(COUNTDOWN_FROM);
  };
  const cancel = () => {
    clearTimeout(timer.current);
    stopRecording.current();
    setPhase({ at: 'ready' });
  };
  /** @returns whether the take is in the project; when not, it stays for another try. */
  const keep = async (take: Take, word: string): Promise<boolean> => {
    setPhase({ at: 'saving' });
    try {
      await keepTake(take, word);
      setPhase({ at: 'ready' });
      return true;
    } catch (error) {
      setPhase({ at: 'take', take });
      throw error;
    }
  };
  return { phase, begin, cancel, keep, again: open };
}
