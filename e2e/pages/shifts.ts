// What moves on a page without being asked to: the browser's own layout-shift entries, each with what moved.
import type { Page } from '@playwright/test';

interface Shifts {
  sum: number;
  words: string[];
}

/** Runs in the page. Counts from the first moment of the document, also when it is called later. */
function collectShifts(): void {
  const seen: Shifts = { sum: 0, words: [] };
  Object.assign(window, { shifts: seen });
  const nameOf = (node: Node | null): string => {
    const element = node instanceof Element ? node : (node?.parentElement ?? null);
    if (!element) return 'something that is gone';
    const names: string[] = [];
    for (let at: Element | null = element; at && names.length < 4; at = at.parentElement)
      names.push(at.className.toString() || at.tagName.toLowerCase());
    return `${names.join(' in ')} "${(element.textContent ?? '').slice(0, 40)}"`;
  };
  const inWords = ({ x, y, width, height }: DOMRectReadOnly): string =>
    `${Math.round(x)},${Math.round(y)} ${Math.round(width)}x${Math.round(height)}`;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & {
      value: number;
      hadRecentInput: boolean;
      sources: { node: Node | null; previousRect: DOMRectReadOnly; currentRect: DOMRectReadOnly }[];
    })[]) {
      if (entry.hadRecentInput) continue;
      seen.sum += entry.value;
      seen.words.push(`  ${entry.value.toFixed(4)} after ${Math.round(entry.startTime)} ms`);
      for (const { node, previousRect, currentRect } of entry.sources)
        seen.words.push(`    ${nameOf(node)}: ${inWords(previousRect)} -> ${inWords(currentRect)}`);
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

/** Collects what moves in the document that is open, and in every one the page loads after it. */
export async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(collectShifts);
  await page.evaluate(collectShifts);
}

/** The sum of the scores since the document began (0 = nothing moved), and what moved, in words. */
export async function shiftsOf(page: Page): Promise<Shifts> {
  return page.evaluate(() => (window as unknown as { shifts: Shifts }).shifts);
}
