// The two ways a clip sounds. `BufferVoice` plays decoded samples: loops are exact to a sample and the position is
// the audio clock's, so it cannot drift. `MediaVoice` plays long clips and other speeds with the pitch kept.
import { audioContext } from './buffers.ts';
import type { Region } from './state.ts';

export interface Voice {
  readonly durationSec: number;
  start(fromSec: number): void;
  stop(): void;
  /** Where the listener is now, in seconds of the clip. */
  position(): number;
  setLoop(loop: boolean): void;
  setVolume(volume: number): void;
  /** Called every frame while playing. */
  tick(): void;
}

/** The played part of a clip: the region within the clip, else all of it. */
function partOf(region: Region | null, durationSec: number): Region {
  const fromSec = Math.max(0, Math.min(region?.fromSec ?? 0, durationSec));
  const toSec = Math.max(fromSec, Math.min(region?.toSec ?? durationSec, durationSec));
  return { fromSec, toSec };
}

export class BufferVoice implements Voice {
  readonly durationSec: number;
  private readonly buffer: AudioBuffer;
  private readonly part: Region;
  private readonly onEnd: () => void;
  private readonly gain: GainNode;
  private source: AudioBufferSourceNode | null = null;
  private isLooping: boolean;
  /** Audio-clock time at which the clip's second `offset` is heard. */
  private startedAt = 0;
  private offset = 0;

  constructor(buffer: AudioBuffer, region: Region | null, loop: boolean, volume: number, onEnd: () => void) {
    this.buffer = buffer;
    this.durationSec = buffer.duration;
    this.part = partOf(region, buffer.duration);
    this.isLooping = loop;
    this.onEnd = onEnd;
    this.gain = audioContext().createGain();
    this.gain.gain.value = volume;
    this.gain.connect(audioContext().destination);
  }

  start(fromSec: number): void {
    const context = audioContext();
    if (context.state === 'suspended') void context.resume();
    const { fromSec: from, toSec: to } = this.part;
    this.offset = fromSec >= from && fromSec < to ? fromSec : from;
    const source = context.createBufferSource();
    source.buffer = this.buffer;
    source.loop = this.isLooping;
    source.loopStart = from;
    source.loopEnd = to;
    source.connect(this.gain);
    source.onended = () => {
      if (this.source === source) this.onEnd();
    };
    if (this.isLooping) source.start(0, this.offset);
    else source.start(0, this.offset, to - this.offset);
    this.startedAt = context.currentTime;
    this.source = source;
  }

  stop(): void {
    const source = this.source;
    this.source = null;
    source?.stop();
    source?.disconnect();
    this.gain.disconnect();
  }

  position(): number {
    const context = audioContext();
    const latency = Number.isFinite(context.outputLatency) ? context.outputLatency : 0;
    const heard = this.offset + Math.max(0, context.currentTime - this.startedAt - latency);
    const { fromSec, toSec } = this.part;
    if (heard < toSec) return heard;
    const length = toSec - fromSec;
    return this.isLooping && length > 0 ? fromSec + ((heard - fromSec) % length) : toSec;
  }

  setLoop(loop: boolean): void {
    if (loop === this.isLooping) return;
    const at = this.position();
    this.isLooping = loop;
    const source = this.source;
    if (!source) return;
    this.source = null;
    source.stop();
    this.start(at);
  }

  setVolume(volume: number): void {
    this.gain.gain.value = volume;
  }

  tick(): void {}
}

export class MediaVoice implements Voice {
  durationSec: number;
  private readonly element: HTMLAudioElement;
  private readonly region: Region | null;
  private readonly onEnd: () => void;
  private isLooping: boolean;

  constructor(
    address: string,
    options: { region: Region | null; loop: boolean; volume: number; speed: number },
    on: { end: () => void; error: (message: string) => void; duration: (sec: number) => void },
  ) {
    const element = new Audio(address);
    element.preload = 'auto';
    element.preservesPitch = true;
    element.playbackRate = options.speed;
    element.volume = options.volume;
    this.element = element;
    this.durationSec = 0;
    this.region = options.region;
    this.isLooping = options.loop;
    this.onEnd = on.end;
    element.onloadedmetadata = () => {
      this.durationSec = element.duration;
      on.duration(element.duration);
    };
    element.onended = () => this.ended();
    element.onerror = () => on.error(element.error?.message ?? 'the sound could not be read');
  }

  private part(): Region {
    return partOf(this.region, this.durationSec || Number.MAX_VALUE);
  }

  private ended(): void {
    if (this.isLooping) this.start(this.part().fromSec);
    else this.onEnd();
  }

  start(fromSec: number): void {
    const { fromSec: from, toSec: to } = this.part();
    this.element.currentTime = fromSec >= from && fromSec < to ? fromSec : from;
    // A play() that a stop() overtakes rejects; that is no failure.
    this.element.play().catch(() => undefined);
  }

  stop(): void {
    this.element.onended = null;
    this.element.onerror = null;
    this.element.onloadedmetadata = null;
    this.element.pause();
    this.element.removeAttribute('src');
    this.element.load();
  }

  position(): number {
    return this.element.currentTime;
  }

  setLoop(loop: boolean): void {
    this.isLooping = loop;
  }

  setVolume(volume: number): void {
    this.element.volume = volume;
  }

  tick(): void {
    if (this.region && this.element.currentTime >= this.part().toSec) this.ended();
  }
}
