// A hosted studio over the fixture processes, for tests of the host and of serve.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forkChildren, type SpawnChild } from '../children.ts';
import type { ProcessLimits } from '../managed-process.ts';
import { createStudio, type HostedStudio } from '../studio.ts';

export const fixtureEntries = {
  engine: join(import.meta.dirname, 'fixture-engine.ts'),
  worker: join(import.meta.dirname, 'fixture-worker.ts'),
  analysis: join(import.meta.dirname, 'fixture-worker.ts'),
} as const;

/** A process that ends before it says anything. */
export const brokenEntry = join(import.meta.dirname, 'fixture-broken.ts');

export const fixtureChildren: SpawnChild = forkChildren(fixtureEntries);

/** A folder `renderer` with an interface of two files, and a secret beside it that nobody may read. */
export function fixtureInterface(): { rendererFolder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'earmark-host-test-'));
  const rendererFolder = join(folder, 'renderer');
  mkdirSync(join(rendererFolder, 'assets'), { recursive: true });
  writeFileSync(join(rendererFolder, 'index.html'), '<!doctype html><title>Earmark</title>');
  writeFileSync(join(rendererFolder, 'assets', 'main-1a2b3c.js'), 'export {};');
  writeFileSync(join(folder, 'secret.txt'), 'not for you');
  symlinkSync(join(folder, 'secret.txt'), join(rendererFolder, 'link.txt'));
  return { rendererFolder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** `mode`: see fixture-engine.ts. */
export function fixtureStudio(options: {
  mode?: string;
  rendererFolder?: string;
  spawnChild?: SpawnChild;
  limits?: Partial<ProcessLimits>;
}): HostedStudio {
  return createStudio({
    spawnChild: options.spawnChild ?? fixtureChildren,
    rendererFolder: options.rendererFolder ?? '/nowhere',
    samplePath: '/sample',
    dataFolder: options.mode ?? '',
    allowedRoots: null,
    version: '0.0.0',
    limits: { delaysMs: [0], stopMs: 300, ...options.limits },
  });
}

/** A call of the fixture engine through the studio's handler. */
export async function ask(
  studio: HostedStudio,
  route: string,
  body: unknown = {},
): Promise<Record<string, unknown>> {
  const response = await studio.handle(
    new Request(`http://studio${route}`, {
      method: 'POST',
      headers: { 'x-earmark': '1' },
      body: JSON.stringify(body),
    }),
  );
  return { status: response.status, ...((await response.json()) as Record<string, unknown>) };
}
