import { describe, expect, it } from 'vitest';
import { colouringOf, type Theme } from './colours.ts';
import { type MapPicture, mapAsSvg } from './export-picture.ts';
import { mapPointsOf, matchedStates } from './map-points.ts';

const theme: Theme = {
  ground: [255, 255, 255],
  text: [0, 0, 0],
  secondary: [90, 90, 90],
  accent: [30, 110, 235],
  context: [210, 210, 210],
  classes: Array.from({ length: 8 }, (_, at) => [10 + at, 0, 0] as const),
  rest: [160, 160, 160],
  isDark: false,
  font: 'sans-serif',
};

function pictureOf(part: Partial<MapPicture> = {}): MapPicture {
  const points = mapPointsOf(new Int32Array([1, 2, 3]), new Float32Array([0, 0, 50, 20, 900, 0]));
  const legend = {
    kind: 'category' as const,
    values: [
      { value: 'a <b>', count: 2 },
      { value: 'c', count: 1 },
    ],
  };
  return {
    points,
    colouring: colouringOf(legend, new Uint16Array([0, 1, 0]), new Map()),
    states: matchedStates(points, [1, 3]),
    anchors: [{ category: 0, count: 2, x: 0, y: 0 }],
    nameOf: (category) => legend.values[category]?.value ?? '',
    camera: { x: 0, y: 0, scale: 1 },
    size: { width: 400, height: 300 },
    pointSize: 6,
    theme,
    scale: () => [1, 2, 3],
    by: 'label',
    byTitle: 'label',
    title: 'Words & more',
    subtitle: 't-SNE',
    widthOf: (text) => text.length * 7,
    ...part,
  };
}

describe('the picture of a map', () => {
  it('draws what is in view as shapes, in grey outside the filter, with names and legend', () => {
    const { svg } = mapAsSvg(pictureOf(), null);
    expect(svg.match(/<circle /g)).toHaveLength(2);
    expect(svg).toContain('<circle cx="200" cy="150" r="3" fill="#0a0000"/>');
    expect(svg).toContain('<circle cx="250" cy="130" r="2.4"/>');
    expect(svg).toContain('>Words &amp; more<');
    expect(svg.match(/a &lt;b&gt;/g)).toHaveLength(2);
  });

  it('embeds an image instead of shapes when one is given', () => {
    const { svg } = mapAsSvg(pictureOf(), 'data:image/png;base64,AA==');
    expect(svg).not.toContain('<circle');
    expect(svg).toContain('<image href="data:image/png;base64,AA==" width="400" height="300"/>');
  });

  it('shows the scale of a number with its ends', () => {
    const colouring = colouringOf(
      { kind: 'number', from: 0.5, to: 2, missing: 0 },
      new Float32Array([0.5, 1, 2]),
      new Map(),
    );
    const { svg } = mapAsSvg(pictureOf({ colouring, by: 'durationSec', byTitle: 'duration' }), null);
    expect(svg).toContain('>0.50 s<');
    expect(svg).toContain('>2.00 s<');
  });
});
