// Waveform over spectrogram of one clip, with one zoom for both: Ctrl+wheel or + and -, wheel or arrows pan, a drag
// marks the region that is played and looped; the region's edges can also be typed.
import { useQuery } from '@tanstack/react-query';
import {
  type CSSProperties,
  type KeyboardEvent,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { type SpectrogramScale, spectrogramScales } from '../../../shared/contract/routes.ts';
import { errorDataOf } from '../../lib/client.ts';
import { listScope } from '../../lib/commands.ts';
import { useConnection } from '../../lib/events.ts';
import { decibels, position as positionText } from '../../lib/format.ts';
import { remember, remembered } from '../../lib/storage.ts';
import { ErrorNotice, IconButton, IconToggle, NumberField, SegmentedControl } from '../../ui/index.ts';
import { player, position, usePlayer } from '../player/index.ts';
import type { ColourMap } from './colours.ts';
import { peaksQuery, rememberedScale } from './queries.ts';
import { Spectrogram } from './Spectrogram.tsx';
import { panned, type ViewSpan, wholeClip, zoomed } from './view-span.ts';
import { Waveform } from './Waveform.tsx';

export interface ClipSoundProps {
  readonly clipId: number;
  readonly durationSec: number;
  readonly clippedSamples: number;
  /** Seconds of silence at the beginning and the end. */
  readonly silence: { readonly before: number; readonly after: number };
  readonly waveformHeight?: number;
  readonly spectrogramHeight?: number;
}

const noPeaks = new Float32Array(0);

const scaleTitles: Readonly<Record<SpectrogramScale, string>> = { linear: 'Linear', log: 'Log', mel: 'Mel' };

export function ClipSound(props: ClipSoundProps) {
  const {
    clipId,
    durationSec,
    clippedSamples,
    silence,
    waveformHeight = 88,
    spectrogramHeight = 120,
  } = props;
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [span, setSpan] = useState<ViewSpan>(() => wholeClip(durationSec));
  const [scale, setScale] = useState(rememberedScale);
  const [map, setMap] = useState<ColourMap>(() =>
    remembered<ColourMap>('spectrogram.map', 'viridis', (v) => v === 'cividis' || v === 'viridis'),
  );
  const [isFitted, setIsFitted] = useState(() =>
    remembered('waveform.fitted', true, (v) => typeof v === 'boolean'),
  );
  const version = useConnection((connection) => connection.audioVersion);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another clip is shown whole
  useLayoutEffect(() => setSpan(wholeClip(durationSec)), [clipId, durationSec]);
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    setWidth(element.clientWidth);
    return () => observer.disconnect();
  }, []);

  const peaks = useQuery({ ...peaksQuery(clipId, durationSec, version), enabled: durationSec > 0 });

  const loudest = useMemo(() => {
    let most = 0;
    for (const value of peaks.data ?? noPeaks) most = Math.max(most, Math.abs(value));
    return most;
  }, [peaks.data]);

  const zoomBy = (factor: number, aroundSec?: number) =>
    setSpan((now) => {
      const at = position();
      const isInSight = at >= now.fromSec && at <= now.toSec;
      const around = aroundSec ?? (isInSight ? at : (now.fromSec + now.toSec) / 2);
      return zoomed(now, factor, around, durationSec);
    });

  // React's wheel listener is passive; zooming must keep the page from zooming too.
  useEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const onWheel = (event: WheelEvent) => {
      const box = element.getBoundingClientRect();
      const share = (event.clientX - box.left) / Math.max(1, box.width);
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const factor = Math.exp(-event.deltaY / 240);
        setSpan((now) => zoomed(now, factor, now.fromSec + share * (now.toSec - now.fromSec), durationSec));
      } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault();
        const delta = event.deltaX || event.deltaY;
        setSpan((now) =>
          panned(now, (delta / Math.max(1, box.width)) * (now.toSec - now.fromSec), durationSec),
        );
      }
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [durationSec]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== frame.current || event.ctrlKey || event.metaKey || event.altKey) return;
    const length = span.toSec - span.fromSec;
    const isPan = event.shiftKey;
    switch (event.key) {
      case '+':
      case '=':
        zoomBy(1.5);
        break;
      case '-':
        zoomBy(1 / 1.5);
        break;
      case '0':
        setSpan(wholeClip(durationSec));
        break;
      case 'ArrowLeft':
        if (isPan) setSpan(panned(span, -length / 4, durationSec));
        else player.seek(position() - length / 50);
        break;
      case 'ArrowRight':
        if (isPan) setSpan(panned(span, length / 4, durationSec));
        else player.seek(Math.min(durationSec, position() + length / 50));
        break;
      case 'Home':
        player.seek(0);
        break;
      case 'Escape':
        player.setRegion(null);
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const isWhole = span.toSec - span.fromSec >= durationSec - 1e-9;
  return (
    <div className="sound">
      {/* biome-ignore lint/a11y/useSemanticElements: a focusable group of pictures, not a form's fieldset */}
      <div
        ref={frame}
        {...listScope}
        className="sound-frame"
        role="group"
        aria-label="Waveform and spectrogram. Plus and minus zoom, arrows move the position, Shift with arrows pans."
        // biome-ignore lint/a11y/noNoninteractiveTabindex: zoom and position by keys
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        {peaks.error ? (
          <div style={{ minBlockSize: waveformHeight }}>
            <ErrorNotice error={errorDataOf(peaks.error)} onRetry={() => void peaks.refetch()} />
          </div>
        ) : peaks.data ? (
          <Waveform
            clipId={clipId}
            peaks={peaks.data}
            durationSec={durationSec}
            height={waveformHeight}
            width={width}
            span={span}
            isClipped={clippedSamples > 0}
            fullHeight={isFitted ? Math.max(0.001, loudest) : 1}
          />
        ) : (
          <div className="waveform" style={{ blockSize: waveformHeight }} />
        )}
        <Silence
          fromSec={0}
          toSec={Math.min(durationSec, silence.before)}
          span={span}
          height={waveformHeight}
        />
        {silence.before < durationSec && (
          <Silence
            fromSec={durationSec - silence.after}
            toSec={durationSec}
            span={span}
            height={waveformHeight}
          />
        )}
        {peaks.data && (
          <span className="waveform-peak small secondary" aria-hidden="true">
            peak {decibels(loudest > 0 ? 20 * Math.log10(loudest) : null)}
          </span>
        )}
        <Spectrogram
          clipId={clipId}
          span={span}
          width={width}
          height={spectrogramHeight}
          scale={scale}
          map={map}
        />
        <Playhead span={span} clipId={clipId} top={waveformHeight} />
      </div>
      <div className="sound-axis secondary small" aria-hidden="true">
        <span>{positionText(span.fromSec)}</span>
        {!isWhole && <span>{positionText(span.toSec - span.fromSec)} s in sight</span>}
        <span>{positionText(span.toSec)}</span>
      </div>
      <div className="sound-tools">
        <SegmentedControl
          label="Frequency scale"
          value={scale}
          onChange={(next) => {
            setScale(next);
            remember('spectrogram.scale', next);
          }}
          options={spectrogramScales.map((id) => ({ id, title: scaleTitles[id] }))}
        />
        <SegmentedControl
          label="Colour map"
          value={map}
          onChange={(next) => {
            setMap(next);
            remember('spectrogram.map', next);
          }}
          options={[
            { id: 'viridis', title: 'Viridis' },
            { id: 'cividis', title: 'Cividis' },
          ]}
        />
        <span className="sound-zoom">
          <IconToggle
            icon="height"
            title="Waveform as high as its loudest sample, or to full scale"
            isOn={isFitted}
            onChange={(isOn) => {
              setIsFitted(isOn);
              remember('waveform.fitted', isOn);
            }}
          />
          <IconButton
            icon="zoomOut"
            title="Zoom out"
            keys="−"
            isDisabled={isWhole}
            onPress={() => zoomBy(1 / 1.5)}
          />
          <IconButton icon="zoomIn" title="Zoom in" keys="+" onPress={() => zoomBy(1.5)} />
          <IconButton
            icon="fit"
            title="Whole clip"
            keys="0"
            isDisabled={isWhole}
            onPress={() => setSpan(wholeClip(durationSec))}
          />
        </span>
      </div>
      <RegionFields clipId={clipId} durationSec={durationSec} />
    </div>
  );
}

/** Silence in sight, hatched over the waveform. */
function Silence(props: {
  readonly fromSec: number;
  readonly toSec: number;
  readonly span: ViewSpan;
  readonly height: number;
}) {
  const { span } = props;
  const fromSec = Math.max(props.fromSec, span.fromSec);
  const toSec = Math.min(props.toSec, span.toSec);
  if (toSec <= fromSec) return null;
  const share = (sec: number) => `${(sec / (span.toSec - span.fromSec)) * 100}%`;
  const style: CSSProperties = {
    insetInlineStart: share(fromSec - span.fromSec),
    inlineSize: share(toSec - fromSec),
    blockSize: props.height,
  };
  return <span className="waveform-silence" style={style} aria-hidden="true" />;
}

/** The player's place over the spectrogram; wavesurfer draws its own over the waveform. */
function Playhead({
  span,
  clipId,
  top,
}: {
  readonly span: ViewSpan;
  readonly clipId: number;
  readonly top: number;
}) {
  const line = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let frame = 0;
    const draw = () => {
      const element = line.current;
      if (!element) return;
      const share = (position() - span.fromSec) / (span.toSec - span.fromSec || 1);
      const isHere = usePlayer.getState().clipId === clipId && share >= 0 && share <= 1;
      element.style.display = isHere ? '' : 'none';
      element.style.insetInlineStart = `${share * 100}%`;
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => cancelAnimationFrame(frame);
  }, [span, clipId]);
  return <span ref={line} className="sound-playhead" style={{ insetBlockStart: top }} aria-hidden="true" />;
}

function RegionFields({ clipId, durationSec }: { readonly clipId: number; readonly durationSec: number }) {
  const region = usePlayer((state) => (state.clipId === clipId ? state.region : null));
  if (!region) return null;
  const set = (fromSec: number, toSec: number) => {
    if (toSec - fromSec > 0.002) player.setRegion({ fromSec, toSec });
  };
  return (
    <div className="sound-region">
      <NumberField
        label="Region from"
        unit="s"
        min={0}
        max={durationSec}
        step={0.001}
        value={region.fromSec}
        onChange={(sec) => set(sec, region.toSec)}
      />
      <NumberField
        label="to"
        unit="s"
        min={0}
        max={durationSec}
        step={0.001}
        value={region.toSec}
        onChange={(sec) => set(region.fromSec, sec)}
      />
      <IconButton icon="close" title="No region" keys="Esc" onPress={() => player.setRegion(null)} />
    </div>
  );
}
