// A project of 105,829 clips with a run of 35 classes, made through the command line as a person would make it. Made
// once per size and kept in the system's temporary folder; benches that decide work on a copy.
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '../../electron/compute/index.ts';
import { writeNpyFile } from '../../electron/formats/npy.ts';
import { generatedClips } from './generated-clips.ts';
import { runEarmark } from './processes.ts';

export const RUN = 'model';

/** Softmax rows whose largest entry is the given label for about nine of ten clips. */
function probabilitiesOf(given: readonly number[], classes: number): Float32Array {
  const random = createRandom(17);
  const data = new Float32Array(given.length * classes);
  for (const [row, label] of given.entries()) {
    const likely = random() < 0.9 ? label : Math.floor(random() * classes);
    let sum = 0;
    for (let k = 0; k < classes; k++) {
      const value = Math.exp(2 * random() + (k === likely ? 1.5 + 4 * random() : 0));
      data[row * classes + k] = value;
      sum += value;
    }
    for (let k = 0; k < classes; k++) data[row * classes + k]! /= sum;
  }
  return data;
}

/** The project's file. */
export async function bigProject(clips: number): Promise<string> {
  const folder = join(tmpdir(), `earmark-bench-project-${clips}`);
  const project = join(folder, 'big.earmark');
  if (existsSync(folder)) return project;
  const source = generatedClips(clips);
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial);
  const labels = readdirSync(source).sort();
  const paths = labels.flatMap((label) => readdirSync(join(source, label)).map((name) => `${label}/${name}`));
  const given = paths.map((path) => labels.indexOf(path.slice(0, path.indexOf('/'))));
  const files = {
    array: join(partial, 'probs.npy'),
    labels: join(partial, 'labels.txt'),
    clips: join(partial, 'clips.txt'),
  };
  await writeNpyFile(files.array, probabilitiesOf(given, labels.length), [paths.length, labels.length]);
  writeFileSync(files.labels, `${labels.join('\n')}\n`);
  writeFileSync(files.clips, `${paths.join('\n')}\n`);
  const partialProject = join(partial, 'big.earmark');
  await runEarmark(['import', source, '--project', partialProject]);
  const at = ['--project', partialProject];
  await runEarmark([
    'predictions',
    files.array,
    '--run',
    RUN,
    '--labels',
    files.labels,
    '--clips',
    files.clips,
    ...at,
  ]);
  await runEarmark(['flags', ...at, '--run', RUN]);
  renameSync(partial, folder);
  return project;
}

/** A copy to change. */
export function copyProject(project: string, folder: string): string {
  const copy = join(folder, 'copy.earmark');
  copyFileSync(project, copy);
  if (existsSync(`${project}.data`)) cpSync(`${project}.data`, `${copy}.data`, { recursive: true });
  return copy;
}
