// The waveform of a take that is in no project yet: the largest and smallest sample of each column.
const COLUMNS = 160;
const HEIGHT = 56;

export function TakePicture({ samples }: { readonly samples: Float32Array }) {
  const middle = HEIGHT / 2;
  const bars = Array.from({ length: COLUMNS }, (_, column) => {
    const from = Math.floor((column * samples.length) / COLUMNS);
    const to = Math.max(from + 1, Math.floor(((column + 1) * samples.length) / COLUMNS));
    let low = 0;
    let high = 0;
    for (let at = from; at < to; at++) {
      low = Math.min(low, samples[at] ?? 0);
      high = Math.max(high, samples[at] ?? 0);
    }
    return `M${column} ${(middle - high * middle).toFixed(1)}V${(middle - low * middle + 0.5).toFixed(1)}`;
  });
  return (
    <svg
      className="recorder-picture"
      viewBox={`0 0 ${COLUMNS} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path d={bars.join('')} />
    </svg>
  );
}
