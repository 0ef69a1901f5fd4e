// Builds what Node cannot run as it is: the interface (dist/renderer) and, for Electron, the shell's bundles.
// In a checkout only when the sources are newer. `node electron/cli/build.ts renderer|electron`.
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, type InlineConfig } from 'vite';

const checkout = resolve(import.meta.dirname, '../..');
const dist = join(checkout, 'dist');

export const rendererFolder = join(dist, 'renderer');
export const mainBundle = join(dist, 'main/main.cjs');

/** What each build is made of, and the file that shows when it was made. */
const parts = {
  renderer: {
    made: join(rendererFolder, 'index.html'),
    sources: ['renderer', 'shared', 'vite.config.ts', 'package-lock.json'],
  },
  electron: {
    made: mainBundle,
    sources: ['electron', 'shared', 'package.json', 'package-lock.json'],
  },
} as const;

export type BuildPart = keyof typeof parts;

/** Whether a source is newer than what was built from it, or nothing was built. */
export function isStale(part: BuildPart): boolean {
  const { made, sources } = parts[part];
  if (!existsSync(made)) return true;
  const madeAt = statSync(made).mtimeMs;
  return sources.some((source) => newestBelow(join(checkout, source)) > madeAt);
}

function newestBelow(path: string): number {
  const own = statSync(path, { throwIfNoEntry: false });
  if (own === undefined) return 0;
  if (!own.isDirectory()) return own.mtimeMs;
  // A folder's own time tells of files that were taken away.
  let newest = own.mtimeMs;
  for (const name of readdirSync(path)) {
    if (name.endsWith('.test.ts') || name === 'node_modules') continue;
    newest = Math.max(newest, newestBelow(join(path, name)));
  }
  return newest;
}

export async function buildPart(part: BuildPart): Promise<void> {
  if (part === 'renderer') await buildRenderer();
  else await buildElectron();
}

async function buildRenderer(): Promise<void> {
  await build({ configFile: join(checkout, 'vite.config.ts'), logLevel: 'error' });
}

/**
 * Main as CommonJS, so that it runs before Electron is ready; the preload as one CommonJS file, all that a sandboxed
 * preload may be; engine and helpers as modules. Packages stay outside: Electron's Node loads them.
 */
async function buildElectron(): Promise<void> {
  for (const folder of ['main', 'preload', 'engine', 'worker', 'analysis', 'chunks']) {
    rmSync(join(dist, folder), { recursive: true, force: true });
  }
  await build(nodeBundle('cjs', { 'preload/preload': 'electron/preload/preload.ts' }));
  await build(
    nodeBundle('es', {
      'engine/entry': 'electron/engine/entry.ts',
      'worker/entry': 'electron/worker/entry.ts',
      'worker/scan-thread': 'electron/worker/scan-thread.ts',
      'analysis/entry': 'electron/analysis/entry.ts',
      'analysis/team-thread': 'electron/analysis/team-thread.ts',
      'analysis/feature-thread': 'electron/analysis/feature-thread.ts',
    }),
  );
  // Last: its time says when all of them were made.
  await build(nodeBundle('cjs', { 'main/main': 'electron/main/main.ts' }));
}

function nodeBundle(format: 'cjs' | 'es', input: Record<string, string>): InlineConfig {
  const extension = format === 'cjs' ? 'cjs' : 'js';
  return {
    configFile: false,
    root: checkout,
    logLevel: 'warn',
    publicDir: false,
    build: {
      ssr: true,
      outDir: dist,
      emptyOutDir: false,
      target: 'node24',
      minify: false,
      sourcemap: true,
      rollupOptions: {
        input: Object.fromEntries(Object.entries(input).map(([name, file]) => [name, join(checkout, file)])),
        external: ['electron'],
        output: {
          format,
          entryFileNames: `[name].${extension}`,
          chunkFileNames: `chunks/[name]-[hash].${extension}`,
        },
      },
    },
  };
}

if (import.meta.main) {
  const wanted = process.argv.slice(2).filter((word): word is BuildPart => word in parts);
  if (wanted.length === 0) {
    process.stderr.write('Say what to build: renderer, electron, or both.\n');
    process.exitCode = 2;
  }
  for (const part of wanted) await buildPart(part);
}
