// Engines for tests: the real fetch handler with a real worker process, spoken to through the contract as the window
// does. Every reply is held to the contract's output.
import { join } from 'node:path';
import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import { afterAll, expect } from 'vitest';
import { z } from 'zod';
import { contract, type StudioClient } from '../../shared/contract/index.ts';
import { CALLS_PREFIX, STUDIO_HEADER } from '../../shared/contract/routes.ts';
import type { Job } from '../../shared/domain/job.ts';
import { lazyHelpers } from '../cli/session.ts';
import { createEngine, type Engine } from '../engine/engine.ts';

type Handle = (request: Request) => Promise<Response>;

/** `area.call` of every call that tests of this process have made. */
export const calledCalls = new Set<string>();

/** `area.call` of every call there is. */
export const allCalls: readonly string[] = Object.entries(contract).flatMap(([area, calls]) =>
  Object.keys(calls).map((name) => `${area}.${name}`),
);

interface Declared {
  readonly '~orpc': { readonly outputSchema?: unknown };
}

type LooseCalls = Record<string, Record<string, (input: unknown) => Promise<unknown>>>;

/** Calls a studio through its handler; a reply that is not exactly what the contract declares fails the test. */
export function clientOf(handle: Handle): StudioClient {
  const link = new RPCLink({
    url: `http://studio${CALLS_PREFIX}`,
    headers: { [STUDIO_HEADER]: '1' },
    fetch: (request) => handle(request),
  });
  const plain = createORPCClient(link) as LooseCalls;
  const checked: LooseCalls = {};
  for (const [area, calls] of Object.entries(contract)) {
    checked[area] = {};
    for (const [name, declared] of Object.entries(calls as Record<string, Declared>)) {
      checked[area][name] = async (input) => {
        calledCalls.add(`${area}.${name}`);
        const output = await plain[area]?.[name]?.(input);
        const schema = declared['~orpc'].outputSchema;
        if (!(schema instanceof z.ZodType)) throw new Error(`${area}.${name} declares no output`);
        expect(schema.parse(output), `${area}.${name}`).toEqual(output);
        return output;
      };
    }
  }
  return checked as unknown as StudioClient;
}

/** The code and the sentence that a call was refused with. */
export async function refusalOf(call: Promise<unknown>): Promise<{ code: string; message: string }> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ORPCError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('the call was not refused');
}

/** Waits for a job to end. */
export async function endOf(client: StudioClient, { jobId }: { jobId: string }): Promise<Job> {
  for (;;) {
    const job = await client.jobs.get({ id: jobId });
    if (job.endedAt !== null) return job;
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

/** A job that must succeed; its result, which is the command's document. */
export async function resultOf<Result = unknown>(
  client: StudioClient,
  started: { jobId: string },
): Promise<Result> {
  const job = await endOf(client, started);
  expect(job.error).toBeNull();
  expect(job.state).toBe('succeeded');
  return job.result as Result;
}

export interface TestStudio {
  readonly engine: Engine;
  readonly client: StudioClient;
  /** The handle of a file or folder, as the native dialog would give it. */
  place(path: string): { handle: string; name: string };
  close(): Promise<void>;
}

const running = new Set<TestStudio>();
afterAll(() => Promise.all([...running].map((studio) => studio.close())));

/** An engine in this process with helper processes of its own; closed when the tests of the file are over. */
export function startTestStudio(options: { userFolder: string; samplePath?: string }): TestStudio {
  const { worker, analysis, stop } = lazyHelpers();
  const engine = createEngine({
    version: 'test',
    userFolder: options.userFolder,
    samplePath: options.samplePath ?? join(options.userFolder, 'no-sample'),
    allowedRoots: null,
    worker,
    analysis,
    secret: null,
  });
  const studio: TestStudio = {
    engine,
    client: clientOf(engine.fetch),
    place: (path) => engine.studio.places.grant(path),
    async close() {
      if (!running.delete(studio)) return;
      await engine.close();
      stop();
    },
  };
  running.add(studio);
  return studio;
}
