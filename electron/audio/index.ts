// Sound for the rest of the program: decoding, measures, waveform and spectrum. No file access: callers read bytes.
export { decodeAudio } from './decode.ts';
export type { DecodedAudio } from './decoded.ts';
export { createFeatureExtractor, type FeatureExtractor } from './features/featureExtractor.ts';
export { type Inspection, inspectAudio } from './inspect.ts';
export { loudness } from './loudness.ts';
export { peaks } from './peaks.ts';
export type { RealFft } from './realFft.ts';
export { mixDown, resample } from './resample.ts';
export {
  type FrequencyScale,
  type Spectrogram,
  type SpectrogramOptions,
  spectrogram,
} from './spectrogram.ts';
export { encodeWav16 } from './wavEncode.ts';
