// A share as a tick on its 95% interval, on a scale 0 to 1. Decoration beside printed numbers.

export function IntervalBar(props: {
  readonly value: number | null;
  readonly interval: readonly [number, number] | null;
}) {
  const { value, interval } = props;
  const at = (share: number) => `${Math.max(0, Math.min(1, share)) * 100}%`;
  return (
    <span className="interval-bar" aria-hidden="true">
      {interval && (
        <span
          className="interval-span"
          style={{ insetInlineStart: at(interval[0]), inlineSize: at(interval[1] - interval[0]) }}
        />
      )}
      {value !== null && <span className="interval-tick" style={{ insetInlineStart: at(value) }} />}
    </span>
  );
}
