// Start to usable on a project of 100,000 clips (PERFORMANCE 16): `earmark serve` from the start of the process to the
// engine's first answer, to the project open, and to the first rows of the clips table on the screen of a Chromium that
// runs already, as a person's does.
import { loadavg } from 'node:os';
import { bigProject } from './lib/big-project.ts';
import { type Bench, type LegResult, medianOf } from './lib/harness.ts';
import { memoryNote } from './lib/processes.ts';
import { openBrowser, paintedRows, startStudio } from './lib/studio.ts';

/** In the page: a frame has been drawn since. */
const nextFrame = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))';

export const bench: Bench = async ({ isQuick }) => {
  const clips = isQuick ? 3000 : 105_829;
  const project = await bigProject(clips);
  const browser = await openBrowser();
  const engine: number[] = [];
  const opened: number[] = [];
  const painted: number[] = [];
  const load = loadavg()[0] ?? 0;
  let peaks: Record<string, number> = {};
  for (let round = 0; round < (isQuick ? 1 : 4); round++) {
    const empty = await startStudio();
    await empty.client.project.state();
    const engineSec = empty.sinceStartMs() / 1000;
    await empty.stop();
    const studio = await startStudio(project);
    const page = browser === null ? null : await studio.openPage(browser, 'clips');
    await page?.locator(paintedRows).first().waitFor();
    await page?.evaluate(nextFrame);
    const paintedSec = studio.sinceStartMs() / 1000;
    await page?.context().close();
    peaks = await studio.stop();
    // The first round fills the caches of code and files.
    if (round === 0 && !isQuick) continue;
    engine.push(engineSec);
    opened.push(studio.readySec);
    if (browser !== null) painted.push(paintedSec);
  }
  await browser?.close();
  const leg = (name: string, seconds: readonly number[]): LegResult => ({
    name,
    seconds,
    median: medianOf(seconds),
    busiest: 0,
  });
  const legs = [leg('engine ready, no project', engine), leg('project open, address printed', opened)];
  if (painted.length > 0) legs.push(leg('first rows of the clips table painted', painted));
  return [
    {
      name: 'start',
      size: { clips },
      legs,
      goals: isQuick
        ? []
        : [
            { what: 'engine ready, s', value: legs[0]!.median, atMost: 0.7 },
            { what: 'usable, s', value: legs.at(-1)!.median, atMost: 2 },
          ],
      notes: [
        browser === null
          ? 'There is no Chromium here: what is painted was not measured.'
          : 'Chromium was running already; the page was a new one.',
        memoryNote('With the project open', peaks),
        `Load average before: ${load.toFixed(1)}.`,
      ],
    },
  ];
};
