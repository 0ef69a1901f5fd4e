import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern, suggestPatternFor } from './file-pattern.ts';

describe('file-name patterns', () => {
  it('take names apart', () => {
    const pattern = compilePattern('{label}_{speaker}_{take}.wav');
    expect(pattern.parts).toEqual(['label', 'speaker', 'take']);
    expect(pattern.match('recordings/0_george_12.wav')).toEqual({
      label: '0',
      speaker: 'george',
      take: '12',
    });
    expect(pattern.match('0_george_12.WAV')).toEqual({ label: '0', speaker: 'george', take: '12' });
    expect(pattern.match('0_george.wav')).toBeNull();
    expect(pattern.match('0_george_12.flac')).toBeNull();
    expect(pattern.match('_george_12.wav')).toBeNull();
  });

  it('give the first part as much as it can have', () => {
    expect(compilePattern('{label}_{speaker}_{take}').match('turn_on_george_3.flac')).toEqual({
      label: 'turn_on',
      speaker: 'george',
      take: '3',
    });
  });

  it('reach into folders, ignore parts, and keep text at both ends', () => {
    const pattern = compilePattern('{split}/{label}/rec-{speaker}_NO_{*}.wav');
    expect(pattern.match('a/b/train/turn on/rec-7_NO_09.wav')).toEqual({
      split: 'train',
      label: 'turn on',
      speaker: '7',
    });
    expect(pattern.match('turn on/rec-7_NO_09.wav')).toBeNull();
    expect(compilePattern('{label}.{*}').match('yes.anything')).toEqual({ label: 'yes' });
    expect(compilePattern('{label}-x-').match('a-x-.wav')).toEqual({ label: 'a' });
    expect(compilePattern('ab{label}ba').match('aba.wav')).toBeNull();
  });

  it('say where they are wrong', () => {
    for (const [text, position] of [
      ['', 0],
      ['label.wav', 0],
      ['{label', 0],
      ['a_{label}_{', 10],
      ['label}', 5],
      ['{label}{take}', 7],
      ['{la{b}', 0],
      ['{}', 1],
      ['{la bel}', 1],
      ['{label}_{label}', 9],
      ['{label}_{path}', 9],
    ] as const) {
      expect(() => compilePattern(text), text).toThrow(
        expect.objectContaining({ code: 'pattern/invalid', details: { pattern: text, position } }),
      );
    }
  });

  it('find the parts of every name that was put together from them', () => {
    const part = fc.string({
      unit: fc.constantFrom('a', '1', 'é', 'ش', ' ', '-'),
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(part, part, part, (label, speaker, take) => {
        const name = `dir/${label}_${speaker}_${take}.wav`;
        expect(compilePattern('{label}_{speaker}_{take}.wav').match(name)).toEqual({ label, speaker, take });
      }),
    );
  });

  it('are matched quickly against names made to be slow', () => {
    const pattern = compilePattern('{a}_{b}_{c}_{d}_{e}_{f}_{g}_{h}_x.wav');
    expect(pattern.match(`${'_'.repeat(250)}.wav`)).toBeNull();
    expect(pattern.match(`${'a_'.repeat(120)}y.wav`)).toBeNull();
  });

  it('are suggested from names', () => {
    const digits = ['0', '1', '2'].flatMap((label) =>
      ['george', 'theo'].flatMap((speaker) =>
        [0, 1, 2].map((take) => `recordings/${label}_${speaker}_${take}.wav`),
      ),
    );
    expect(suggestPatternFor(digits)).toBe('{label}_{speaker}_{take}.wav');
    const words = ['on', 'off'].flatMap((label) =>
      ['002', '007'].flatMap((speaker) =>
        ['01', '02', '03'].map((take) => `set/${label}/${speaker}_NO_${take}.wav`),
      ),
    );
    expect(suggestPatternFor(words)).toBe('{label}/{speaker}_NO_{take}.wav');
  });

  it('are not suggested where names say nothing', () => {
    expect(suggestPatternFor(['a.wav'])).toBeNull();
    expect(suggestPatternFor(['a.wav', 'b.wav', 'c.wav'])).toBeNull();
    expect(
      suggestPatternFor(Array.from({ length: 50 }, (_, n) => `clips/common_voice_fa_${n * 977}.mp3`)),
    ).toBeNull();
  });
});
