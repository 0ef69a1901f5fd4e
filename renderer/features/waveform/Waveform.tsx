// The waveform of one clip in wavesurfer.js: peaks and duration from the engine, sound from the player. wavesurfer
// draws, scrolls and edits regions; it plays nothing itself, so that there is one clock.
import { useEffect, useRef } from 'react';
import WaveSurfer from 'wavesurfer.js';
import RegionsPlugin, { type Region as SurferRegion } from 'wavesurfer.js/plugins/regions';
import { onPosition, player, position, usePlayer } from '../player/index.ts';
import { useCanvasColours } from './colours.ts';
import type { ViewSpan } from './view-span.ts';

interface WaveformProps {
  readonly clipId: number;
  /** (min, max) pairs. */
  readonly peaks: Float32Array;
  readonly durationSec: number;
  readonly height: number;
  readonly width: number;
  readonly span: ViewSpan;
  readonly isClipped: boolean;
  /** Amplitude that fills the height: 1 = full scale. */
  readonly fullHeight: number;
}

/** Draws min/max pairs; columns at full scale in the warning colour when the clip is known to be clipped. */
function renderer(pairs: Float32Array, colours: { wrong: string }, isClipped: boolean, fullHeight: number) {
  return (_peaks: unknown, context: CanvasRenderingContext2D) => {
    const { width, height } = context.canvas;
    const middle = height / 2;
    const columns = pairs.length / 2;
    if (columns === 0) return;
    const own = context.fillStyle;
    const perPixel = columns / width;
    for (let x = 0; x < width; x++) {
      const from = Math.floor(x * perPixel);
      const to = Math.max(from + 1, Math.floor((x + 1) * perPixel));
      let low = 1;
      let high = -1;
      for (let column = from; column < to && column < columns; column++) {
        low = Math.min(low, pairs[2 * column]!);
        high = Math.max(high, pairs[2 * column + 1]!);
      }
      if (low > high) continue;
      context.fillStyle = isClipped && (high >= 0.999 || low <= -0.999) ? colours.wrong : own;
      const top = middle - (high / fullHeight) * (middle - 1);
      const bottom = middle - (low / fullHeight) * (middle - 1);
      context.fillRect(x, top, 1, Math.max(1, bottom - top));
    }
    context.fillStyle = own;
  };
}

export function Waveform(props: WaveformProps) {
  const { clipId, peaks, durationSec, height, width, span, isClipped, fullHeight } = props;
  const container = useRef<HTMLDivElement>(null);
  const surfer = useRef<WaveSurfer | null>(null);
  const colours = useCanvasColours();
  const region = usePlayer((state) => (state.clipId === clipId ? state.region : null));

  useEffect(() => {
    const element = container.current;
    if (!element || durationSec <= 0) return undefined;
    const plugin = RegionsPlugin.create();
    const fade = (colour: string, share: number) =>
      `color-mix(in srgb, ${colour} ${share}%, ${colours.ground})`;
    const instance = WaveSurfer.create({
      container: element,
      height,
      peaks: [peaks],
      duration: durationSec,
      waveColor: resolved(fade(colours.accent, 45)),
      progressColor: colours.accent,
      cursorColor: colours.text,
      cursorWidth: 1,
      interact: true,
      dragToSeek: false,
      hideScrollbar: true,
      autoScroll: false,
      plugins: [plugin],
      renderFunction: renderer(peaks, colours, isClipped, fullHeight),
    });
    surfer.current = instance;
    instance.setMuted(true);
    instance.on('interaction', (sec) => player.seek(sec));
    plugin.enableDragSelection({ color: resolved(`color-mix(in srgb, ${colours.accent} 20%, transparent)`) });
    let isOurs = false;
    plugin.on('region-created', (created) => {
      if (isOurs) return;
      for (const other of plugin.getRegions()) if (other !== created) other.remove();
      take(created);
    });
    plugin.on('region-updated', take);
    plugin.on('region-double-clicked', (_, event) => {
      event.stopPropagation();
      player.setRegion(null);
    });
    const showRegion = () => {
      const wanted = usePlayer.getState();
      const held = wanted.clipId === clipId ? wanted.region : null;
      const [shown] = plugin.getRegions();
      if (!held) {
        plugin.clearRegions();
        return;
      }
      if (shown && Math.abs(shown.start - held.fromSec) < 1e-6 && Math.abs(shown.end - held.toSec) < 1e-6)
        return;
      isOurs = true;
      plugin.clearRegions();
      plugin.addRegion({
        start: held.fromSec,
        end: held.toSec,
        color: resolved(`color-mix(in srgb, ${colours.accent} 20%, transparent)`),
      });
      isOurs = false;
    };
    function take(taken: SurferRegion) {
      const { start, end } = taken;
      if (end - start > 0.002) player.setRegion({ fromSec: start, toSec: end });
      else taken.remove();
    }
    const stopRegion = usePlayer.subscribe((now, before) => {
      if (now.region !== before.region || now.clipId !== before.clipId) showRegion();
    });
    const stopPosition = onPosition((sec) => {
      if (usePlayer.getState().clipId === clipId) instance.setTime(sec);
    });
    const stopReady = instance.on('ready', () => {
      showRegion();
      if (usePlayer.getState().clipId === clipId) instance.setTime(position());
    });
    return () => {
      stopRegion();
      stopPosition();
      stopReady();
      surfer.current = null;
      instance.destroy();
    };
  }, [clipId, peaks, durationSec, height, colours, isClipped, fullHeight]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new instance starts at the whole clip and needs it again
  useEffect(() => {
    const instance = surfer.current;
    if (!instance || width <= 0) return undefined;
    const apply = () => {
      instance.zoom(width / (span.toSec - span.fromSec));
      instance.setScrollTime(span.fromSec);
    };
    if (instance.getDecodedData()) {
      apply();
      return undefined;
    }
    return instance.on('ready', apply);
  }, [span, width, clipId, peaks, colours, height, durationSec, fullHeight]);

  return (
    <div
      ref={container}
      className="waveform"
      style={{ blockSize: height }}
      role="img"
      aria-label={`Waveform, ${durationSec.toFixed(2)} seconds${region ? `, region ${region.fromSec.toFixed(3)} to ${region.toSec.toFixed(3)}` : ''}`}
    />
  );
}

/** Canvas does not know color-mix everywhere wavesurfer hands colours through; the browser resolves it here. */
function resolved(colour: string): string {
  const probe = document.createElement('span');
  probe.style.color = colour;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}
