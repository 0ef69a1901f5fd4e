// Supervision with real child processes that crash, hang, answer late or never get ready.
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { forkChildren } from './children.ts';
import type { HostedStudio } from './studio.ts';
import type { ProcessEvent } from './supervisor.ts';
import {
  ask,
  brokenEntry,
  fixtureChildren,
  fixtureEntries,
  fixtureStudio,
} from './testing/fixture-studio.ts';

// Real processes start as fast as the machine lets them.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let studio: HostedStudio;
afterEach(() => studio.close());

/** Resolves with the first event that fits, from now on. */
function nextEvent(fits: (event: ProcessEvent) => boolean): Promise<ProcessEvent> {
  return new Promise((resolve) => {
    const stop = studio.supervisor.onProcess((event) => {
      if (!fits(event)) return;
      stop();
      resolve(event);
    });
  });
}

async function isGone(pid: number): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await delay(20);
  }
  return false;
}

describe('the engine', () => {
  it('is started again after a crash, and says so in words', async () => {
    studio = fixtureStudio({});
    await studio.start();
    const before = await ask(studio, '/rpc/echo');
    const down = nextEvent(({ which, state }) => which === 'engine' && state === 'down');
    const up = nextEvent(({ which, state }) => which === 'engine' && state === 'up');
    const crashed = await ask(studio, '/rpc/crash');
    expect(crashed).toMatchObject({ status: 503, code: 'engine/down' });
    expect((await down).message).toContain('The engine stopped (exit code 7)');
    await up;
    const after = await ask(studio, '/rpc/echo');
    expect(after).toMatchObject({ status: 200, isSecretRight: true });
    expect(after.pid).not.toBe(before.pid);
  });

  it('gets the requests that come while it is being started again', async () => {
    studio = fixtureStudio({});
    await studio.start();
    const pid = studio.supervisor.pid('engine') as number;
    process.kill(pid, 'SIGKILL');
    expect(await isGone(pid)).toBe(true);
    expect(await ask(studio, '/rpc/echo', { x: 1 })).toMatchObject({ status: 200, body: '{"x":1}' });
  });

  it('is given up in words when it crashes again and again', async () => {
    studio = fixtureStudio({ mode: 'crash' });
    await expect(studio.start()).rejects.toThrow(/stopped again and again/);
    expect(studio.supervisor.status('engine')).toBe('given-up');
    expect(await ask(studio, '/rpc/echo')).toMatchObject({ status: 503, code: 'engine/down' });
  });

  it('is ended and given up when it never gets ready', async () => {
    studio = fixtureStudio({ mode: 'never-ready', limits: { readyMs: 150, maxExits: 2 } });
    await expect(studio.start()).rejects.toThrow(/did not get ready in time/);
  });

  it('that cannot work says why, and is not started again', async () => {
    let starts = 0;
    studio = fixtureStudio({
      mode: 'fail',
      spawnChild: (kind) => {
        if (kind === 'engine') starts++;
        return fixtureChildren(kind);
      },
    });
    await expect(studio.start()).rejects.toMatchObject({
      code: 'engine/no-folder',
      message: 'The data folder cannot be written.',
    });
    expect(starts).toBe(1);
  });

  it('that does not stop when asked is ended by force', async () => {
    studio = fixtureStudio({ mode: 'ignore-shutdown' });
    await studio.start();
    const pid = studio.supervisor.pid('engine') as number;
    await studio.close();
    expect(await isGone(pid)).toBe(true);
  });

  it('that gets ready only after it was asked to stop is stopped all the same', async () => {
    // Handles by hand: the message must arrive between the asking and the end.
    const kills: string[] = [];
    const says = new Map<string, (message: unknown) => void>();
    studio = fixtureStudio({
      spawnChild: (kind) => {
        let exit: (reason: string) => void = () => {};
        return {
          pid: 1,
          send: (message) => {
            if ((message as { type: string }).type !== 'shutdown') return;
            queueMicrotask(() => says.get(kind)?.({ type: 'ready', socketPath: '' }));
          },
          onMessage: (listener) => void says.set(kind, listener),
          onExit: (listener) => {
            exit = listener;
          },
          kill: () => {
            kills.push(kind);
            exit('ended by SIGKILL');
          },
        };
      },
    });
    void studio.start().catch(() => {});
    await studio.close();
    expect(kills).toEqual(['engine', 'worker']);
  });

  it('dying in the middle of an answer breaks the answer off instead of ending it early', async () => {
    studio = fixtureStudio({});
    await studio.start();
    const response = await studio.handle(new Request('http://studio/media/half'));
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  it('hears when a request is given up', async () => {
    studio = fixtureStudio({});
    await studio.start();
    const giveUp = new AbortController();
    const hanging = studio.handle(
      new Request('http://studio/rpc/hang', {
        method: 'POST',
        headers: { 'x-earmark': '1' },
        signal: giveUp.signal,
      }),
    );
    await ask(studio, '/rpc/echo');
    giveUp.abort();
    await expect(hanging).rejects.toThrow();
    await expect.poll(async () => (await ask(studio, '/rpc/aborted')).aborted, { timeout: 20_000 }).toBe(1);
  });
});

describe('the analysis process', () => {
  it('starts when it is first needed, beside the worker, and again after a crash', async () => {
    studio = fixtureStudio({});
    await studio.start();
    expect(studio.supervisor.status('analysis')).toBe('stopped');
    const first = await ask(studio, '/rpc/analysis', { do: 'echo' });
    expect(first).toMatchObject({ pid: studio.supervisor.pid('analysis'), samples: 2 });
    const worker = studio.supervisor.pid('worker');
    expect(first.pid).not.toBe(worker);
    expect(await ask(studio, '/rpc/analysis', { do: 'crash' })).toMatchObject({ lost: 'exit code 3' });
    expect(await ask(studio, '/rpc/analysis', { do: 'echo' })).toMatchObject({ samples: 2 });
    expect(studio.supervisor.pid('worker')).toBe(worker);
  });
});

describe('the worker', () => {
  it('is reached by the engine through the host', async () => {
    studio = fixtureStudio({});
    await studio.start();
    const answer = await ask(studio, '/rpc/worker', { do: 'echo' });
    expect(answer).toMatchObject({ pid: studio.supervisor.pid('worker'), samples: 2 });
  });

  it('that crashes is replaced, the engine hears why, and the window is told', async () => {
    studio = fixtureStudio({});
    await studio.start();
    await ask(studio, '/rpc/worker', { do: 'echo' });
    const up = nextEvent(({ which, state }) => which === 'worker' && state === 'up');
    expect(await ask(studio, '/rpc/worker', { do: 'crash' })).toMatchObject({ lost: 'exit code 3' });
    await up;
    expect(await ask(studio, '/rpc/worker', { do: 'echo' })).toMatchObject({ samples: 2 });
  });

  it('that hangs is ended by force when the engine asks, without alarming anybody', async () => {
    studio = fixtureStudio({});
    await studio.start();
    await ask(studio, '/rpc/worker', { do: 'echo' });
    const events: ProcessEvent[] = [];
    studio.supervisor.onProcess((event) => events.push(event));
    const pid = studio.supervisor.pid('worker') as number;
    const hanging = ask(studio, '/rpc/worker', { do: 'hang' });
    expect(await ask(studio, '/rpc/kill-worker')).toMatchObject({ lost: 'cancelled' });
    expect(await hanging).toMatchObject({ lost: 'cancelled' });
    expect(await isGone(pid)).toBe(true);
    expect(await ask(studio, '/rpc/worker', { do: 'echo' })).toMatchObject({ samples: 2 });
    expect(events).toEqual([]);
  });

  it('killed over and over on request is never given up', async () => {
    studio = fixtureStudio({ limits: { maxExits: 2 } });
    await studio.start();
    for (let round = 0; round < 4; round++) {
      await ask(studio, '/rpc/worker', { do: 'echo' });
      await ask(studio, '/rpc/kill-worker');
    }
    expect(await ask(studio, '/rpc/worker', { do: 'echo' })).toMatchObject({ samples: 2 });
  });

  it('is replaced when the engine dies: its late answers do not reach the next engine', async () => {
    studio = fixtureStudio({});
    await studio.start();
    const old = (await ask(studio, '/rpc/worker', { do: 'echo' })).pid as number;
    void ask(studio, '/rpc/worker', { do: 'late' });
    await ask(studio, '/rpc/crash');
    const answer = await ask(studio, '/rpc/worker', { do: 'echo' });
    expect(answer.pid).not.toBe(old);
    expect(answer).not.toHaveProperty('late');
    expect(await isGone(old)).toBe(true);
  });

  it('that cannot be started leaves the engine at work, which is told so', async () => {
    const broken = forkChildren({ ...fixtureEntries, worker: brokenEntry });
    const down = (): Promise<ProcessEvent> => nextEvent(({ message }) => message.includes('again and again'));
    studio = fixtureStudio({ spawnChild: broken, limits: { maxExits: 2 } });
    const givenUp = down();
    await studio.start();
    await givenUp;
    expect(await ask(studio, '/rpc/worker', { do: 'echo' })).toMatchObject({ lost: 'exit code 1' });
    expect(await ask(studio, '/rpc/echo')).toMatchObject({ status: 200 });
  });
});
