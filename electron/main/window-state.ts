// Where the window was, kept in the user's folder, and only believed where a screen still is.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Rectangle } from 'electron';

export interface WindowState {
  readonly bounds: Rectangle;
  readonly isMaximized: boolean;
}

const DEFAULT_SIZE = { width: 1360, height: 860 };
export const MIN_SIZE = { width: 900, height: 600 };
/** So much of the title bar must be on a screen for a person to take hold of it. */
const GRIP = { width: 120, height: 32 };

/** What was kept, or null when there is nothing readable. */
export function readWindowState(file: string): WindowState | null {
  try {
    const { bounds, isMaximized } = JSON.parse(readFileSync(file, 'utf8')) as Partial<WindowState>;
    const numbers = [bounds?.x, bounds?.y, bounds?.width, bounds?.height];
    if (bounds === undefined || !numbers.every((value) => Number.isInteger(value))) return null;
    return { bounds, isMaximized: isMaximized === true };
  } catch {
    return null;
  }
}

/** A window state that cannot be kept is no reason to disturb anybody. */
export function writeWindowState(file: string, state: WindowState): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(state));
  } catch {
    // The next start uses the default size.
  }
}

/**
 * Bounds for a new window.
 *
 * @param workAreas - the usable part of every screen, the main one first.
 */
export function fittingBounds(kept: Rectangle | null, workAreas: readonly Rectangle[]): Rectangle {
  const main = workAreas[0] ?? { x: 0, y: 0, ...DEFAULT_SIZE };
  if (kept !== null) {
    const area = workAreas.find((candidate) => hasGrip(kept, candidate));
    if (area !== undefined) {
      return {
        x: kept.x,
        y: kept.y,
        width: clamp(kept.width, MIN_SIZE.width, area.width),
        height: clamp(kept.height, MIN_SIZE.height, area.height),
      };
    }
  }
  const width = Math.min(DEFAULT_SIZE.width, main.width);
  const height = Math.min(DEFAULT_SIZE.height, main.height);
  return {
    x: Math.round(main.x + (main.width - width) / 2),
    y: Math.round(main.y + (main.height - height) / 2),
    width,
    height,
  };
}

function hasGrip(window: Rectangle, area: Rectangle): boolean {
  const overlap = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  return overlap >= GRIP.width && window.y >= area.y && window.y + GRIP.height <= area.y + area.height;
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(Math.min(value, high), Math.min(low, high));
}
