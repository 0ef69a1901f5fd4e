// What stands between samples and a model: raw samples, log-mel or MFCC, with every convention named, since libraries
// differ in each of them. The numbers are made in electron/audio/features.
import { z } from 'zod';

/** Analysis windows; periodic ones are what spectrograms want, symmetric ones what filter design uses. */
export const analysisWindows = [
  'hann-periodic',
  'hann-symmetric',
  'hamming-periodic',
  'hamming-symmetric',
  'rectangular',
] as const;
export type AnalysisWindow = (typeof analysisWindows)[number];

const MAX_FFT = 16_384;

const melLog = z.strictObject({
  /** `db` is 10 log10 of a power, 20 log10 of a magnitude; `none` leaves the mel spectrum linear. */
  kind: z.enum(['ln', 'log10', 'db', 'none']).default('ln'),
  /** Keeps silence finite: added to every band's value before the logarithm, or the least value it may have. */
  floor: z.number().positive().default(1e-6),
  floorMode: z.enum(['add', 'clamp']).default('add'),
  /** Values are relative to 1, or to the clip's largest band (librosa's `ref=np.max`). */
  reference: z.enum(['one', 'clip-maximum']).default('one'),
  /** Raises what lies further below the clip's maximum, in units of the logarithm: 80 for librosa's `top_db`. */
  range: z.number().positive().nullable().default(null),
});

const conventions = {
  /** Hz; clips at other rates are resampled first. */
  sampleRate: z.number().int().min(1000).max(384_000).default(16_000),
  /** Full scale of the samples the formulas see: 1, or 32768 for models raised on 16-bit integers. */
  scale: z.union([z.literal(1), z.literal(32_768)]).default(1),
  /** x[n] - p x[n-1] over the whole clip, its first sample kept; 0 for none. */
  preEmphasis: z.number().min(0).max(1).default(0),
  window: z.enum(analysisWindows).default('hann-periodic'),
  windowSamples: z.number().int().min(2).max(MAX_FFT).default(400),
  hopSamples: z.number().int().min(1).max(MAX_FFT).default(160),
  fftSize: z.number().int().min(8).max(MAX_FFT).default(512),
  /**
   * A frame is as long as the window (TensorFlow, Kaldi), or as the FFT with the window in its middle (librosa, torch).
   * Counts only where the two lengths differ.
   */
  frameLength: z.enum(['window', 'fft']).default('window'),
  /** None: whole frames only. Centre: frame t is centred on sample t x hop, the ends mirrored or filled with zeros. */
  padding: z.enum(['none', 'center-reflect', 'center-zero']).default('none'),
  spectrum: z.enum(['power', 'magnitude']).default('power'),
  /** HTK: 2595 log10(1 + f / 700). Slaney: linear below 1 kHz, logarithmic above (Auditory Toolbox, librosa). */
  melScale: z.enum(['htk', 'slaney']).default('htk'),
  /** Slaney: filters of equal area, 2 / (upper - lower edge in Hz). None: filters with the peak 1. */
  melNorm: z.enum(['none', 'slaney']).default('none'),
  /** Whether filters are triangles over Hz (librosa, torchaudio) or over mel (HTK, Kaldi, TensorFlow). */
  triangles: z.enum(['hz', 'mel']).default('hz'),
  bands: z.number().int().min(1).max(512).default(40),
  fMinHz: z.number().min(0).default(20),
  /** Null: half the sample rate. */
  fMaxHz: z.number().positive().nullable().default(7600),
  /** FFT bins below this one are left out of every filter. */
  lowestBin: z.number().int().min(0).default(0),
  log: melLog.prefault({}),
  /** Over the frames of a clip, each column by itself; the variance is of the clip, its root at least 1e-5. */
  normalization: z.enum(['none', 'mean', 'mean-variance']).default('none'),
};

const rawFrontEnd = z.strictObject({
  kind: z.literal('raw'),
  /** Full scale of what the model sees: 1, or 32768 for models raised on 16-bit integers. */
  scale: z.union([z.literal(1), z.literal(32_768)]).default(1),
});

const logMelFrontEnd = z.strictObject({ kind: z.literal('log-mel'), ...conventions }).superRefine(check);

const mfccFrontEnd = z
  .strictObject({
    kind: z.literal('mfcc'),
    ...conventions,
    /** The first so many of the DCT-II, the 0th included. */
    coefficients: z.number().int().min(1).max(512).default(13),
    /** Orthonormal (scipy, librosa, torchaudio), or every coefficient times sqrt(2 / bands) (HTK, TensorFlow). */
    dct: z.enum(['orthonormal', 'htk']).default('orthonormal'),
    /** Coefficient n times 1 + (L / 2) sin(pi n / L); 0 for none. */
    lifter: z.number().min(0).default(0),
  })
  .superRefine(check);

/** Defaults are those of `earmark-log-mel-40`. */
export const frontEnd = z.discriminatedUnion('kind', [rawFrontEnd, logMelFrontEnd, mfccFrontEnd]);
/** As a person writes it: whatever is left out has its default. */
export type FrontEndInput = z.input<typeof frontEnd>;
/** Complete. */
export type FrontEnd = z.infer<typeof frontEnd>;
export type LogMelFrontEnd = z.infer<typeof logMelFrontEnd>;
export type MfccFrontEnd = z.infer<typeof mfccFrontEnd>;

/** Front ends that have a name of their own, for forms and for models that use them as they are. */
export const frontEndPresets = {
  /** What Earmark's own encoders see. */
  'earmark-log-mel-40': logMelFrontEnd.parse({ kind: 'log-mel' }),
  'earmark-log-mel-40-slaney': logMelFrontEnd.parse({
    kind: 'log-mel',
    melScale: 'slaney',
    melNorm: 'slaney',
  }),
  /**
   * TensorFlow's speech_commands example: `audio_spectrogram` of 30 ms every 10 ms, then `mfcc` with its defaults, which
   * takes magnitudes and leaves the first two bins out.
   */
  'speech-commands-mfcc-40': mfccFrontEnd.parse({
    kind: 'mfcc',
    windowSamples: 480,
    spectrum: 'magnitude',
    triangles: 'mel',
    fMaxHz: 4000,
    lowestBin: 2,
    log: { floor: 1e-12, floorMode: 'clamp' },
    coefficients: 40,
    dct: 'htk',
  }),
} satisfies Readonly<Record<string, FrontEnd>>;

interface Checked {
  readonly sampleRate: number;
  readonly windowSamples: number;
  readonly fftSize: number;
  readonly fMinHz: number;
  readonly fMaxHz: number | null;
  readonly lowestBin: number;
  readonly bands: number;
  readonly log: z.infer<typeof melLog>;
  readonly coefficients?: number;
}

function check(value: Checked, context: z.RefinementCtx): void {
  const complain = (path: string, message: string): void =>
    context.addIssue({ code: 'custom', path: [path], message });
  const { sampleRate, windowSamples, fftSize, fMinHz, lowestBin, bands } = value;
  const nyquist = sampleRate / 2;
  const fMaxHz = value.fMaxHz ?? nyquist;
  if (!isFftSize(fftSize))
    complain(
      'fftSize',
      `${fftSize} is no FFT size Earmark knows: even, with half of it made of factors 2, 3 and 5`,
    );
  if (windowSamples > fftSize)
    complain('windowSamples', `a window of ${windowSamples} samples does not fit an FFT of ${fftSize}`);
  if (fMaxHz > nyquist) complain('fMaxHz', `${fMaxHz} Hz lies above half the sample rate, ${nyquist} Hz`);
  if (fMinHz >= fMaxHz) complain('fMinHz', `${fMinHz} Hz is not below the highest frequency, ${fMaxHz} Hz`);
  if (lowestBin > fftSize / 2) complain('lowestBin', `an FFT of ${fftSize} has no bin ${lowestBin}`);
  if (value.log.kind === 'none' && (value.log.range !== null || value.log.reference !== 'one'))
    complain('log', 'a range or a reference needs a logarithm; its kind is none');
  if (value.coefficients !== undefined && value.coefficients > bands)
    complain('coefficients', `${value.coefficients} coefficients cannot be made of ${bands} bands`);
}

function isFftSize(size: number): boolean {
  let rest = size / 2;
  for (const factor of [2, 3, 5]) while (rest % factor === 0) rest /= factor;
  return size % 2 === 0 && rest === 1;
}
