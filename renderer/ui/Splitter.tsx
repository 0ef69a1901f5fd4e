// The edge between two panels: drag it, or focus it and use the arrow keys. Double click = the width it began with.
import type { PointerEvent } from 'react';

interface SplitterProps {
  readonly label: string;
  readonly width: number;
  readonly min: number;
  readonly max: number;
  readonly initial: number;
  /** Which side of the edge the sized panel is on. */
  readonly panel: 'before' | 'after';
  readonly onResize: (width: number) => void;
}

export function Splitter({ label, width, min, max, initial, panel, onResize }: SplitterProps) {
  const sign = panel === 'before' ? 1 : -1;
  const set = (next: number) => onResize(Math.round(Math.min(max, Math.max(min, next))));

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    const edge = event.currentTarget;
    const startX = event.clientX;
    edge.setPointerCapture(event.pointerId);
    const move = (moved: globalThis.PointerEvent) => set(width + sign * (moved.clientX - startX));
    const end = () => {
      edge.removeEventListener('pointermove', move);
      edge.removeEventListener('pointerup', end);
      edge.removeEventListener('pointercancel', end);
    };
    edge.addEventListener('pointermove', move);
    edge.addEventListener('pointerup', end);
    edge.addEventListener('pointercancel', end);
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a focusable separator is a widget; <hr> is not
    <div
      role="separator"
      aria-label={label}
      aria-orientation="vertical"
      aria-valuenow={width}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      className="splitter"
      onPointerDown={onPointerDown}
      onDoubleClick={() => set(initial)}
      onKeyDown={(event) => {
        const step = event.shiftKey ? 64 : 16;
        if (event.key === 'ArrowLeft') set(width - sign * step);
        else if (event.key === 'ArrowRight') set(width + sign * step);
        else return;
        event.preventDefault();
      }}
    />
  );
}
