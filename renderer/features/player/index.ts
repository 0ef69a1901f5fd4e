// The player for every view: functions, its state, and the strip that the frame shows.
import './player.css';

export { PlayButton, playOrPause } from './PlayButton.tsx';
export { PlayerStrip } from './PlayerStrip.tsx';
export { onPosition, player, position } from './player.ts';
export { changeSettings, type Region, usePlayer } from './state.ts';
export { inListOrder } from './use-player.ts';
