import { describe, expect, it } from 'vitest';
import { trimmed } from './trim.ts';

function bins(totals: readonly number[]) {
  return { edges: [...totals.keys(), totals.length], counts: totals, totals };
}

describe('the part of a histogram that is shown', () => {
  it('leaves a lonely long recording out and counts it', () => {
    const totals = Array.from({ length: 200 }, (_, at) => (at < 20 ? 100 : at === 199 ? 1 : 0));
    const shown = trimmed(bins(totals), 40);
    expect(shown.edges.at(0)).toBe(0);
    expect(shown.edges.at(-1)).toBe(20);
    expect([shown.below, shown.above]).toEqual([0, 1]);
    expect(shown.counts.reduce((a, b) => a + b)).toBe(2000);
  });

  it('shows an even range whole, with no clip lost', () => {
    const shown = trimmed(bins(Array.from({ length: 200 }, () => 3)), 40);
    expect(shown.counts).toEqual(Array.from({ length: 40 }, () => 15));
    expect(shown.edges).toHaveLength(41);
    expect(shown.edges.at(-1)).toBe(200);
  });

  it('survives a project without clips and one where all are alike', () => {
    expect(trimmed(bins([0, 0, 0]), 2).counts.length).toBeGreaterThan(0);
    const alike = trimmed(bins([50, 0, 0, 0]), 40);
    expect(alike.counts).toEqual([50]);
    expect(alike.edges).toEqual([0, 1]);
  });
});
