// One t-SNE map of an array in a process of its own, so that its memory can be told; started by tsne.ts.
// node bench/tsne-leg.ts X.npy OUT.npy: prints seconds by phase and MiB as JSON.
import { createTeam } from '../electron/analysis/team-threads.ts';
import { neighbourKernels, neighbours } from '../electron/compute/neighbours/index.ts';
import { pca } from '../electron/compute/projection/pca.ts';
import { tsne, tsneKernels, tsneNeighbours } from '../electron/compute/projection/tsne.ts';
import { npyToFloat32, readNpyFile, writeNpyFile } from '../electron/formats/npy.ts';

function finish<T>(steps: Iterator<unknown, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

const [input, output] = process.argv.slice(2) as [string, string];
const array = await readNpyFile(input);
const [n, d] = array.shape as [number, number];
const features = npyToFloat32(array);
let last = performance.now();
const start = last;
const lap = (): number => {
  const before = last;
  last = performance.now();
  return (last - before) / 1000;
};
const first = finish(pca({ features, n, d })).coordinates;
const placing = lap();
const searchers = await createTeam(neighbourKernels());
const found = neighbours({ features, n, d, k: tsneNeighbours(n), metric: 'euclidean' }, searchers);
await searchers.close();
const searching = lap();
const team = await createTeam(tsneKernels());
const { coordinates, kl, seconds, iterations } = finish(tsne(found, { initial: first }, team));
await team.close();
const total = (performance.now() - start) / 1000;
await writeNpyFile(output, coordinates, [n, 2]);
const phases = { placing, searching, ...seconds };
const mebibytes = process.resourceUsage().maxRSS / 1024;
console.log(
  JSON.stringify({
    seconds: total,
    phases,
    iterations,
    kl,
    mebibytes,
    threads: team.threads,
    method: found.method,
  }),
);
