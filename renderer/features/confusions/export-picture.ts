// The matrix as a self-contained SVG: what is on the screen, whole, on white paper, with its figures in words.
import { colourOf, css, inkOn } from './cividis.ts';
import { shadeAt, shadeColour } from './draw-matrix.ts';
import { type Matrix, type MatrixMode, printedAt } from './matrix-model.ts';

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const modeWords: Readonly<Record<MatrixMode, string>> = {
  counts: 'number of clips',
  'by-row': 'percent of the given label',
  'by-column': 'percent of the predicted label',
};

export interface MatrixSvg {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

/**
 * @param caption one line above the matrix: run, accuracy, n, filter
 * Numbers are printed up to 60 classes; cells without clips are left out.
 */
export function matrixAsSvg(matrix: Matrix, mode: MatrixMode, caption: string): MatrixSvg {
  const n = matrix.labels.length;
  const cell = n <= 20 ? 32 : n <= 60 ? 24 : n <= 200 ? 10 : 4;
  const size = cell >= 24 ? 11 : 8;
  const hasLabels = cell >= 10;
  const longest = Math.max(0, ...matrix.labels.map((label) => label.length));
  const room = hasLabels ? Math.min(180, 16 + longest * size * 0.62) : 12;
  const top = room + 44;
  const width = Math.ceil(Math.max(room + n * cell + 16, 420));
  const height = Math.ceil(top + n * cell + 40);
  const parts: string[] = [];
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < n; column++) {
      const shade = shadeAt(matrix, row, column, mode);
      if (shade === 0) continue;
      const x = room + column * cell;
      const y = top + row * cell;
      const colour = shadeColour(shade, false);
      const edge = cell >= 10 ? cell - 1 : cell;
      parts.push(`<rect x="${x}" y="${y}" width="${edge}" height="${edge}" fill="${css(colour)}"/>`);
      if (cell >= 24)
        parts.push(
          `<text x="${x + edge / 2}" y="${y + edge / 2 + size * 0.36}" text-anchor="middle" fill="${css(inkOn(colour))}">${printedAt(matrix, row, column, mode)}</text>`,
        );
    }
    if (!hasLabels) continue;
    const label = escaped(matrix.labels[row] ?? '');
    const middle = (row + 0.5) * cell + size * 0.36;
    parts.push(
      `<text x="${room - 6}" y="${top + middle}" text-anchor="end">${label}</text>`,
      `<text transform="translate(${room + middle} ${top - 6}) rotate(-90)">${label}</text>`,
    );
  }
  const scale = Array.from({ length: 40 }, (_, at) => {
    const colour = css(colourOf(0.1 + (0.9 * at) / 39, false));
    return `<rect x="${room + at * 4}" y="${height - 24}" width="4" height="8" fill="${colour}"/>`;
  }).join('');
  const largest = mode === 'counts' ? String(matrix.largest) : '100%';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="${size}" fill="#1a1b1e">
<rect width="${width}" height="${height}" fill="#ffffff"/>
<text x="12" y="20" font-size="12">${escaped(caption)}</text>
<text x="12" y="36" font-size="10" fill="#5c6066">rows: given label; columns: predicted label; cells: ${modeWords[mode]}</text>
<rect x="${room - 0.5}" y="${top - 0.5}" width="${n * cell}" height="${n * cell}" fill="none" stroke="#e3e3e0"/>
${parts.join('\n')}
${scale}
<text x="${room - 4}" y="${height - 17}" text-anchor="end" font-size="10" fill="#5c6066">0</text>
<text x="${room + 164}" y="${height - 17}" font-size="10" fill="#5c6066">${largest} (square-root scale)</text>
</svg>
`;
  return { svg, width, height };
}
