// Why a clip is unusable: the words and the key of each reason.
import type { UnusableReason } from '../../../shared/domain/clip.ts';

export const reasonTitles: Readonly<Record<UnusableReason, string>> = {
  silent: 'Silent',
  noise: 'Too noisy',
  cut: 'Cut off',
  clipped: 'Clipped',
  'wrong-language': 'Wrong language',
  'several-words': 'Several words',
  'not-speech': 'Not speech',
  other: 'Other',
};

export const reasonKeys: Readonly<Record<UnusableReason, string>> = {
  silent: 'S',
  noise: 'N',
  cut: 'C',
  clipped: 'L',
  'wrong-language': 'W',
  'several-words': 'M',
  'not-speech': 'P',
  other: 'O',
};
