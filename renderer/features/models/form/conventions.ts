// The conventions of a front end as fields of a form: every one that libraries differ in, with their words for it.
import type { Option } from '../../../ui/index.ts';

export interface Convention {
  readonly path: string;
  readonly label: string;
  /** Without them it is a number that is typed. */
  readonly options?: readonly Option<string>[];
  readonly isNumber?: boolean;
  readonly whenEmpty?: string;
}

interface ConventionGroup {
  readonly title: string;
  /** Of this kind of front end only. */
  readonly only?: 'mfcc';
  readonly conventions: readonly Convention[];
}

const number = (field: string, label: string, whenEmpty?: string): Convention => ({
  path: `frontEnd.${field}`,
  label,
  ...(whenEmpty === undefined ? {} : { whenEmpty }),
});

const choice = (field: string, label: string, options: Readonly<Record<string, string>>): Convention => ({
  path: `frontEnd.${field}`,
  label,
  options: Object.entries(options).map(([id, title]) => ({ id, title })),
});

export const scaleOfSamples: Convention = {
  ...choice('scale', 'Samples between', { 1: '−1 and 1', 32768: '−32768 and 32767' }),
  isNumber: true,
};

export const conventionGroups: readonly ConventionGroup[] = [
  {
    title: 'Frames',
    conventions: [
      number('windowSamples', 'Frame window (samples)'),
      number('hopSamples', 'Frame hop (samples)'),
      number('fftSize', 'FFT (samples)'),
      choice('window', 'Shape of the window', {
        'hann-periodic': 'Hann, periodic',
        'hann-symmetric': 'Hann, symmetric',
        'hamming-periodic': 'Hamming, periodic',
        'hamming-symmetric': 'Hamming, symmetric',
        rectangular: 'Rectangular',
      }),
      choice('frameLength', 'A frame is as long as', {
        window: 'the window (TensorFlow, Kaldi)',
        fft: 'the FFT (librosa, torch)',
      }),
      choice('padding', 'At the ends of a clip', {
        none: 'Whole frames only',
        'center-reflect': 'Centred, ends mirrored',
        'center-zero': 'Centred, ends silent',
      }),
      number('preEmphasis', 'Pre-emphasis'),
      scaleOfSamples,
    ],
  },
  {
    title: 'Mel bands',
    conventions: [
      number('bands', 'Bands'),
      number('fMinHz', 'From (Hz)'),
      number('fMaxHz', 'To (Hz)', 'half the sample rate'),
      choice('spectrum', 'Of the', { power: 'power', magnitude: 'magnitude' }),
      choice('melScale', 'Mel scale', { htk: 'HTK', slaney: 'Slaney (librosa)' }),
      choice('melNorm', 'Height of a filter', { none: '1', slaney: 'equal areas (Slaney)' }),
      choice('triangles', 'Filters are triangles', {
        hz: 'over Hz (librosa, torchaudio)',
        mel: 'over mel (HTK, Kaldi, TensorFlow)',
      }),
      number('lowestBin', 'Lowest FFT bin'),
    ],
  },
  {
    title: 'Logarithm',
    conventions: [
      choice('log.kind', 'Logarithm', {
        ln: 'natural',
        log10: 'to base 10',
        db: 'decibels',
        none: 'none',
      }),
      number('log.floor', 'Floor'),
      choice('log.floorMode', 'The floor is', { add: 'added', clamp: 'the least value' }),
      choice('log.reference', 'Relative to', { one: '1', 'clip-maximum': 'the clip’s largest band' }),
      number('log.range', 'Range below the maximum', 'no limit'),
    ],
  },
  {
    title: 'Coefficients',
    only: 'mfcc',
    conventions: [
      number('coefficients', 'Coefficients'),
      choice('dct', 'DCT', { orthonormal: 'orthonormal (librosa)', htk: 'HTK, TensorFlow' }),
      number('lifter', 'Lifter'),
    ],
  },
  {
    title: 'At the end',
    conventions: [
      choice('normalization', 'Each column over the clip', {
        none: 'as it is',
        mean: 'mean taken off',
        'mean-variance': 'mean 0, variance 1',
      }),
    ],
  },
];
