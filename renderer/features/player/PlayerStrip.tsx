// The strip at the bottom: what plays, where it is, and how it plays.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { Button as AriaButton, Slider, SliderThumb, SliderTrack } from 'react-aria-components';
import { calls } from '../../lib/client.ts';
import { keysInWords } from '../../lib/commands.ts';
import { count, position as positionText, splitPath } from '../../lib/format.ts';
import { useSelection } from '../../lib/state/selection.ts';
import { Icon, IconButton, IconToggle, Menu, WithTooltip } from '../../ui/index.ts';
import { onPosition, player } from './player.ts';
import { changeSettings, speeds, usePlayer } from './state.ts';
import { useFollowCursor, usePlayerCommands } from './use-player.ts';

export function PlayerStrip() {
  usePlayerCommands();
  useFollowCursor();
  const state = usePlayer();
  const cursor = useSelection((selection) => selection.cursor);
  const shown = state.clipId ?? cursor;
  const clip = useQuery({
    ...calls.clips.get.queryOptions({ input: { id: shown ?? 1 } }),
    enabled: shown !== null,
  });
  const row = clip.data?.row;
  const isPlaying = state.status === 'playing' || state.status === 'loading';
  const durationSec = state.durationSec || row?.durationSec || 0;
  const path = row ? splitPath(row.path) : null;
  return (
    <section className="player" aria-label="Player">
      <IconButton
        icon={isPlaying ? 'pause' : 'play'}
        title={isPlaying ? 'Pause' : 'Play'}
        keys={keysInWords('player.toggle')}
        isDisabled={shown === null}
        onPress={player.toggle}
      />
      <IconToggle
        icon="loop"
        title="Loop"
        keys={keysInWords('player.loop')}
        isOn={state.loop}
        onChange={player.setLoop}
      />
      <div className="player-clip">
        {state.error ? (
          <span className="wrong ellipsis" role="alert" title={state.error.message}>
            {state.error.message}
          </span>
        ) : path ? (
          <span className="ellipsis" dir="auto" title={row?.path}>
            <span className="secondary">{path.folder}</span>
            {path.name}
          </span>
        ) : (
          <span className="secondary">No clip</span>
        )}
        {state.queue && (
          <span className="player-queue secondary">
            {count(state.queueIndex + 1)} of {count(state.queue.length)}
            <IconButton icon="close" title="Stop playing all" onPress={player.stop} />
          </span>
        )}
      </div>
      <PositionSlider durationSec={durationSec} isDisabled={shown === null} />
      <Position durationSec={durationSec} />
      <Menu
        label="Speed"
        groups={[
          {
            title: 'Speed, pitch kept',
            entries: speeds.map((speed) => ({
              id: String(speed),
              title: `${speed}×`,
              isChecked: speed === state.speed,
              run: () => player.setSpeed(speed),
            })),
          },
        ]}
      >
        <AriaButton
          className="icon-button icon-button-word player-speed"
          aria-label={`Speed ${state.speed}×`}
        >
          {state.speed}×
        </AriaButton>
      </Menu>
      <Slider
        aria-label="Volume"
        className="slider player-volume"
        minValue={0}
        maxValue={1}
        step={0.05}
        value={state.volume}
        onChange={(value) => player.setVolume(Number(value))}
      >
        <Icon name="volume" />
        <SliderTrack className="slider-track">
          <span className="slider-fill" style={{ inlineSize: `${state.volume * 100}%` }} />
          <SliderThumb className="slider-thumb" />
        </SliderTrack>
      </Slider>
      <IconToggle
        icon="play"
        word="Auto"
        title="Auto-play: play a clip when the cursor comes to it"
        keys={keysInWords('player.autoplay')}
        isOn={state.autoplay}
        onChange={(autoplay) => changeSettings({ autoplay })}
      />
      <IconToggle
        icon="next"
        word="On"
        title="Play on: at the end of a clip, play the next"
        isOn={state.continues}
        onChange={(continues) => changeSettings({ continues })}
      />
    </section>
  );
}

function Position({ durationSec }: { readonly durationSec: number }) {
  const text = useRef<HTMLSpanElement>(null);
  // Written past React: it changes on every frame.
  useEffect(
    () =>
      onPosition((sec) => {
        if (text.current) text.current.textContent = positionText(sec);
      }),
    [],
  );
  return (
    <WithTooltip title="Position and length in seconds">
      <AriaButton className="player-time" onPress={() => player.seek(0)}>
        <span ref={text}>0.000</span>
        <span className="secondary"> / {positionText(durationSec)}</span>
      </AriaButton>
    </WithTooltip>
  );
}

function PositionSlider({
  durationSec,
  isDisabled,
}: {
  readonly durationSec: number;
  readonly isDisabled: boolean;
}) {
  const fill = useRef<HTMLSpanElement>(null);
  const input = useRef<HTMLInputElement>(null);
  useEffect(
    () =>
      onPosition((sec) => {
        const share = durationSec > 0 ? Math.min(1, sec / durationSec) : 0;
        if (fill.current) fill.current.style.inlineSize = `${share * 100}%`;
        if (input.current && document.activeElement !== input.current) input.current.value = String(sec);
      }),
    [durationSec],
  );
  return (
    <span className="player-position">
      <span className="player-position-track" aria-hidden="true">
        <span ref={fill} />
      </span>
      <input
        ref={input}
        type="range"
        aria-label="Position"
        min={0}
        max={durationSec || 1}
        step={0.01}
        defaultValue={0}
        disabled={isDisabled}
        onInput={(event) => player.seek(Number(event.currentTarget.value))}
      />
    </span>
  );
}
