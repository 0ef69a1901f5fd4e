import { describe, expect, it } from 'vitest';
import { createRandom, drawBinomial, logFactorial } from './random.ts';

describe('random numbers', () => {
  it('a seed gives the same numbers again, another seed others', () => {
    const first = Array.from({ length: 5 }, createRandom(7));
    expect(Array.from({ length: 5 }, createRandom(7))).toEqual(first);
    expect(Array.from({ length: 5 }, createRandom(8))).not.toEqual(first);
  });

  it('numbers are spread evenly over 0 to 1', () => {
    const random = createRandom(0);
    const bins = new Int32Array(20);
    for (let i = 0; i < 200_000; i++) bins[Math.floor(random() * 20)]!++;
    const chiSquare = bins.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    // 0.1% point of chi-square with 19 degrees of freedom.
    expect(chiSquare).toBeLessThan(43.82);
  });

  it.each([
    [20, 0.1],
    [40, 0.5],
    [300, 0.02],
    [1000, 0.3],
    [5000, 0.93],
    [1_000_000, 0.001],
  ])('draws from %i trials at %f have the mean and the spread of the binomial', (trials, p) => {
    const random = createRandom(trials);
    const rounds = 20_000;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < rounds; i++) {
      const drawn = drawBinomial(random, trials, p);
      expect(drawn >= 0 && drawn <= trials).toBe(true);
      sum += drawn;
      squares += (drawn - trials * p) ** 2;
    }
    const variance = trials * p * (1 - p);
    expect(Math.abs(sum / rounds - trials * p)).toBeLessThan(4 * Math.sqrt(variance / rounds));
    expect(squares / rounds / variance).toBeGreaterThan(0.95);
    expect(squares / rounds / variance).toBeLessThan(1.05);
  });

  it('no trials, no chance and certainty draw what they must', () => {
    const random = createRandom(1);
    expect([drawBinomial(random, 0, 0.5), drawBinomial(random, 9, 0), drawBinomial(random, 9, 1)]).toEqual([
      0, 0, 9,
    ]);
  });

  it('factorials are right on both sides of the table', () => {
    let exact = 0;
    for (let n = 1; n <= 200; n++) {
      exact += Math.log(n);
      expect(Math.abs(logFactorial(n) - exact)).toBeLessThan(1e-9);
    }
  });
});
