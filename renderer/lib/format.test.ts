import { describe, expect, it } from 'vitest';
import {
  bytes,
  decibels,
  duration,
  eta,
  percent,
  percentWithInterval,
  position,
  probability,
} from './format.ts';

describe('numbers on the screen', () => {
  it('shows shares with one decimal and their interval', () => {
    expect(percent(0.91333)).toBe('91.3%');
    expect(percent(null)).toBe('–');
    expect(percentWithInterval(0.9133, [0.902, 0.9219])).toBe('91.3% (90.2–92.2)');
  });

  it('shows durations as 0.98 s, 2:05 or 1:02:03', () => {
    expect(duration(0.981)).toBe('0.98 s');
    expect(duration(59.999)).toBe('1:00');
    expect(duration(125.2)).toBe('2:05');
    expect(duration(3723)).toBe('1:02:03');
  });

  it('never rounds a probability to a false certainty', () => {
    expect(probability(0.9996)).toBe('>0.99');
    expect(probability(0.0004)).toBe('<0.01');
    expect(probability(1)).toBe('1.00');
    expect(probability(0)).toBe('0.00');
  });

  it('keeps the digits of a running position in place', () => {
    expect(position(0.98449)).toBe('0.984');
    expect(position(62.9)).toBe('1:02.900');
  });

  it('tells digital silence from an unknown level', () => {
    expect(decibels(null)).toBe('-∞ dB');
    expect(decibels(undefined)).toBe('–');
    expect(decibels(-23.44)).toBe('−23.4 dB');
  });

  it('gives bytes and remaining time in the unit a person would use', () => {
    expect(bytes(15_900)).toBe('16 kB');
    expect(bytes(1_500_000)).toBe('1.5 MB');
    expect(eta(20)).toBe('~20 s');
    expect(eta(1100)).toBe('~18 min');
  });
});
