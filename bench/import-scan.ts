// Import of 105,829 one-second clips by the command beside a bare scan of the same files with scipy, then import again
// without changes (PERFORMANCE 9). The import decodes, measures, hashes, draws, stores and looks for flags.
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { generatedClips } from './lib/generated-clips.ts';
import { type Bench, interleave, runProgram, systemPython, withTemporaryFolder } from './lib/harness.ts';
import { type CommandRun, memoryNote, runEarmark } from './lib/processes.ts';

const rival = join(import.meta.dirname, 'rivals', 'scan_scipy.py');

interface ImportReport {
  readonly clips: number;
  readonly added: number;
  readonly unchanged: number;
  readonly seconds: number;
}

export const bench: Bench = async ({ isQuick }) => {
  const clips = isQuick ? 3000 : 105_829;
  const folder = generatedClips(clips);
  return withTemporaryFolder(async (scratch) => {
    let project = '';
    let rounds = 0;
    const runs: Record<'first' | 'again', CommandRun | null> = { first: null, again: null };
    const wholeSec: number[] = [];
    let rivalVersion: string | undefined;
    const importOnce = async (kind: 'first' | 'again'): Promise<number> => {
      if (kind === 'first') project = join(scratch, `${rounds++}.earmark`);
      const run = await runEarmark(['import', folder, '--project', project]);
      const report = run.result as ImportReport;
      if (report.clips !== clips || report[kind === 'first' ? 'added' : 'unchanged'] !== clips) {
        throw new Error(`The import did not take in all ${clips} clips: ${JSON.stringify(report)}`);
      }
      runs[kind] = run;
      if (kind === 'first') wholeSec.push(run.seconds);
      return report.seconds;
    };
    const scan = async (): Promise<number> => {
      const output = await runProgram(systemPython, [rival, folder]);
      if (output === undefined) return Number.NaN;
      const answer = JSON.parse(output) as { seconds: number; files: number; version: string };
      if (answer.files !== clips) throw new Error(`scipy read ${answer.files} files, not ${clips}.`);
      rivalVersion = answer.version;
      return answer.seconds;
    };
    await scan(); // Brings the files into the page cache, and scipy into memory.
    const load = loadavg()[0] ?? 0;
    const legs = await interleave(
      [
        { name: 'Earmark: import', run: () => importOnce('first') },
        { name: 'scipy.io.wavfile: bare scan', run: scan },
        { name: 'Earmark: import again, nothing changed', run: () => importOnce('again') },
      ],
      isQuick ? 1 : 3,
    );
    const [first, bare, again] = legs.map((leg) => leg.median);
    const perSecond = (seconds: number): string => Math.round(clips / seconds).toLocaleString('en');
    return [
      {
        name: 'import',
        size: { clips },
        legs,
        goals: isQuick
          ? []
          : [{ what: "times scipy's files per second", value: bare! / first!, atLeast: 1.3 }],
        notes: [
          `${perSecond(first!)} clips/s imported, ${perSecond(bare!)} files/s by ${rivalVersion === undefined ? 'scipy: not installed here (apt-get install python3-scipy)' : `scipy ${rivalVersion}`}, ${perSecond(again!)} clips/s again.`,
          `The whole command, start of Node included: ${wholeSec.map((seconds) => `${seconds.toFixed(2)} s`).join(', ')}. Load average before: ${load.toFixed(1)}.`,
          memoryNote('Import', runs.first?.peakMib ?? {}),
          memoryNote('Again', runs.again?.peakMib ?? {}),
        ],
      },
    ];
  });
};
