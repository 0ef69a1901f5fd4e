// The microphone: opened when asked for, its samples as they come, closed for good. Nothing is kept or sent here.
import { EarmarkError } from '../../../../shared/errors.ts';

export interface Microphone {
  /** Hz; what the device gives, so that nothing is resampled. */
  readonly sampleRate: number;
  /** Calls back with the samples (-1..1) as they come. Returns the function that stops it. */
  onSamples(listener: (samples: Float32Array) => void): () => void;
  /** Lets the device go. */
  close(): void;
}

const unharmed = 'Nothing was recorded.';

/** Why the microphone could not be had, in words. */
export function microphoneError(error: unknown): EarmarkError {
  const name = error instanceof DOMException ? error.name : '';
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return new EarmarkError(
        'microphone/refused',
        `The microphone was refused. Allow it for this page (beside the address, or in the system's privacy settings) and try again. ${unharmed}`,
      );
    case 'NotFoundError':
    case 'OverconstrainedError':
      return new EarmarkError(
        'microphone/none',
        `There is no microphone. Plug one in and try again, or take clips of the dataset as examples. ${unharmed}`,
      );
    case 'NotReadableError':
    case 'AbortError':
      return new EarmarkError(
        'microphone/busy',
        `The microphone gives no sound; another program may be using it. Close that program and try again. ${unharmed}`,
      );
    default:
      return new EarmarkError(
        'microphone/failed',
        `The microphone could not be opened: ${error instanceof Error ? error.message : String(error)}. ${unharmed}`,
      );
  }
}

/** @throws EarmarkError `microphone/...` */
export async function openMicrophone(): Promise<Microphone> {
  // Browsers hide it on pages that are neither local nor encrypted.
  if (!globalThis.navigator.mediaDevices) {
    throw new EarmarkError(
      'microphone/insecure',
      `The browser gives the microphone to local and encrypted addresses only. Open the studio as localhost. ${unharmed}`,
    );
  }
  let stream: MediaStream | null = null;
  let context: AudioContext | null = null;
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      // As a dataset has it: what calls do to speech would teach the head the wrong sound.
      audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    });
    context = new AudioContext({ latencyHint: 'interactive' });
    await context.audioWorklet.addModule(new URL('recorder.js', document.baseURI).href);
    if (context.state === 'suspended') await context.resume();
    return listening(stream, context);
  } catch (error) {
    for (const track of stream?.getTracks() ?? []) track.stop();
    void context?.close();
    throw microphoneError(error);
  }
}

function listening(stream: MediaStream, context: AudioContext): Microphone {
  const listeners = new Set<(samples: Float32Array) => void>();
  const source = context.createMediaStreamSource(stream);
  const recorder = new AudioWorkletNode(context, 'recorder', {
    channelCount: 1,
    channelCountMode: 'explicit',
  });
  recorder.port.onmessage = ({ data }: MessageEvent<Float32Array>) => {
    for (const listener of listeners) listener(data);
  };
  // A node that leads nowhere may be left out; this one leads to silence.
  const silence = context.createGain();
  silence.gain.value = 0;
  source.connect(recorder).connect(silence).connect(context.destination);
  return {
    sampleRate: context.sampleRate,
    onSamples(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      listeners.clear();
      recorder.port.onmessage = null;
      for (const track of stream.getTracks()) track.stop();
      void context.close();
    },
  };
}
