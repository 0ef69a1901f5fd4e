// A clip's sound as pictures: the thumbnail of a row, and waveform with spectrogram.
import './waveform.css';

export { ClipSound, type ClipSoundProps } from './ClipSound.tsx';
export { prefetchPictures } from './queries.ts';
export { Thumbnail } from './Thumbnail.tsx';
