// Runs benches by name: node bench/run.ts NAME... | all [--quick | --full] [--json FILE]
import { type Bench, type BenchResult, machine, printResult, writeResults } from './lib/harness.ts';

const benches: Readonly<Record<string, () => Promise<{ bench: Bench }>>> = {
  'catalog-import': () => import('./catalog-import.ts'),
  decode: () => import('./decode.ts'),
  durability: () => import('./durability.ts'),
  'front-ends': () => import('./front-ends.ts'),
  inference: () => import('./inference.ts'),
  interaction: () => import('./interaction.ts'),
  keystroke: () => import('./keystroke.ts'),
  'label-issues': () => import('./label-issues.ts'),
  loudness: () => import('./loudness.ts'),
  metrics: () => import('./metrics.ts'),
  purity: () => import('./purity.ts'),
  'import-scan': () => import('./import-scan.ts'),
  scatter: () => import('./scatter.ts'),
  neighbours: () => import('./neighbours.ts'),
  start: () => import('./start.ts'),
  tsne: () => import('./tsne.ts'),
  umap: () => import('./umap.ts'),
};

const names: string[] = [];
let isQuick = false;
let isFull = false;
let jsonPath: string | undefined;
const rest = process.argv.slice(2);
for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
  if (argument === '--quick') isQuick = true;
  else if (argument === '--full') isFull = true;
  else if (argument === '--json') jsonPath = rest.shift();
  else names.push(argument);
}
const chosen = names.includes('all') ? Object.keys(benches) : names;
const unknown = chosen.filter((name) => !Object.hasOwn(benches, name));
if (chosen.length === 0 || unknown.length > 0) {
  console.error(
    `Usage: node bench/run.ts NAME... | all [--quick | --full] [--json FILE]. Names: ${Object.keys(benches).join(', ')}.`,
  );
  process.exit(2);
}
console.log(machine());
if (isQuick)
  console.log('Quick: small inputs, one round. The figures say that it works, not how fast it is.');
const results: BenchResult[] = [];
for (const name of chosen) {
  const { bench } = await benches[name]!();
  for (const result of await bench({ isQuick, isFull })) {
    printResult(result);
    results.push(result);
  }
}
if (jsonPath !== undefined) await writeResults(jsonPath, results);
