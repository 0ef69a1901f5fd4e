// `earmark serve` as a process of its own, a client let in to it, and a Chromium that can open it.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import { type Browser, chromium, type Page } from '@playwright/test';
import { findChromium } from '../../electron/testing/chromium.ts';
import type { StudioClient } from '../../shared/contract/index.ts';
import { CALLS_PREFIX, STUDIO_HEADER } from '../../shared/contract/routes.ts';
import { earmarkCommand, watchMemory } from './processes.ts';

export interface BenchStudio {
  /** Without the token. */
  readonly address: string;
  readonly client: StudioClient;
  /** From the start of the process until it printed its address: engine up, project open. */
  readonly readySec: number;
  /** Milliseconds since the process was started. */
  sinceStartMs(): number;
  /** Opens `#/view` in a fresh page that is let in. */
  openPage(browser: Browser, view: string): Promise<Page>;
  /** Ends it; peaks in MiB by process. */
  stop(): Promise<Record<string, number>>;
}

/** Starts the studio with a home folder of its own, with a project or without. */
export async function startStudio(project?: string): Promise<BenchStudio> {
  const home = mkdtempSync(join(tmpdir(), 'earmark-bench-home-'));
  const start = performance.now();
  const args = ['serve', '--json', ...(project === undefined ? [] : ['--project', project])];
  const child = spawn(process.execPath, [...earmarkCommand, ...args], {
    env: { ...process.env, EARMARK_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const memory = watchMemory(child.pid ?? -1, 'host');
  const url = await new Promise<string>((found, failed) => {
    let printed = '';
    let errors = '';
    child.stderr.on('data', (text: Buffer) => {
      errors += text.toString();
    });
    child.stdout.on('data', (text: Buffer) => {
      printed += text.toString();
      if (printed.includes('\n')) found((JSON.parse(printed.split('\n')[0] ?? '') as { url: string }).url);
    });
    child.on('exit', (code) => failed(new Error(`earmark serve ended with ${code}: ${errors}`)));
  });
  const readySec = (performance.now() - start) / 1000;
  // The printed address works once and gives a cookie.
  const first = await fetch(url, { redirect: 'manual' });
  const [cookie = ''] = first.headers.getSetCookie().map((text) => text.split(';')[0] ?? '');
  const address = new URL('/', url).href;
  const client: StudioClient = createORPCClient(
    new RPCLink({ url: new URL(CALLS_PREFIX, address).href, headers: { [STUDIO_HEADER]: '1', cookie } }),
  );
  return {
    address,
    client,
    readySec,
    sinceStartMs: () => performance.now() - start,
    async openPage(browser, view) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
      const at = cookie.indexOf('=');
      await context.addCookies([{ name: cookie.slice(0, at), value: cookie.slice(at + 1), url: address }]);
      const page = await context.newPage();
      await page.goto(`${address}#/${view}`);
      return page;
    },
    async stop() {
      const peaks = memory.stop();
      const ended = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      await ended;
      rmSync(home, { recursive: true, force: true });
      return peaks;
    },
  };
}

/** Null where the machine has no Chromium. */
export async function openBrowser(): Promise<Browser | null> {
  const executablePath = findChromium();
  if (executablePath === null) return null;
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--autoplay-policy=no-user-gesture-required',
    ],
  });
}

/** The rows of a table that show their clips, not placeholders. */
export const paintedRows = '[role=row][data-index]:not(:has(.grid-placeholder))';

export interface Spread {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}

export function spreadText({ p50, p95, max }: Spread): string {
  return `p50 ${p50.toFixed(1)}, p95 ${p95.toFixed(1)}, most ${max.toFixed(1)} ms`;
}
