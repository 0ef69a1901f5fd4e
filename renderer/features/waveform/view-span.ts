// The part of a clip that is in sight, and how zooming and panning change it. Pure.

export interface ViewSpan {
  readonly fromSec: number;
  readonly toSec: number;
}

/** At the deepest zoom this much of a clip fills the width. */
const SHORTEST_SPAN_SEC = 0.01;

export function wholeClip(durationSec: number): ViewSpan {
  return { fromSec: 0, toSec: durationSec };
}

/** Keeps the span's length where the clip has room for it. */
export function within(span: ViewSpan, durationSec: number): ViewSpan {
  const length = Math.min(
    durationSec,
    Math.max(Math.min(SHORTEST_SPAN_SEC, durationSec), span.toSec - span.fromSec),
  );
  const fromSec = Math.max(0, Math.min(durationSec - length, span.fromSec));
  return { fromSec, toSec: fromSec + length };
}

/** Zooms by `factor` (2 = twice as close); the second at `aroundSec` keeps its place on the screen. */
export function zoomed(span: ViewSpan, factor: number, aroundSec: number, durationSec: number): ViewSpan {
  const length = Math.min(durationSec, Math.max(SHORTEST_SPAN_SEC, (span.toSec - span.fromSec) / factor));
  const share = (aroundSec - span.fromSec) / (span.toSec - span.fromSec || 1);
  const fromSec = aroundSec - share * length;
  return within({ fromSec, toSec: fromSec + length }, durationSec);
}

export function panned(span: ViewSpan, bySec: number, durationSec: number): ViewSpan {
  return within({ fromSec: span.fromSec + bySec, toSec: span.toSec + bySec }, durationSec);
}
