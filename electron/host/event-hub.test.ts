// The event stream through engine restarts, with real processes.
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { StudioEvent } from '../../shared/contract/events.ts';
import { EventHub, readEvents } from './event-hub.ts';
import type { HostedStudio } from './studio.ts';
import { ask, fixtureStudio } from './testing/fixture-studio.ts';

// Real processes start as fast as the machine lets them.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let studio: HostedStudio | undefined;
afterEach(() => studio?.close());

async function listen(to: HostedStudio): Promise<AsyncGenerator<StudioEvent>> {
  const response = await to.handle(new Request('http://studio/events'));
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  return readEvents(response.body as ReadableStream<Uint8Array>);
}

async function nextOf(events: AsyncGenerator<StudioEvent>, type: StudioEvent['type']): Promise<StudioEvent> {
  for (;;) {
    const { value, done } = await events.next();
    if (done) throw new Error('the stream ended');
    if (value.type === type) return value;
  }
}

describe('the event stream', () => {
  it('stays open through an engine restart and tells of it', async () => {
    studio = fixtureStudio({});
    await studio.start();
    const events = await listen(studio);
    const before = await nextOf(events, 'revision');
    await ask(studio, '/rpc/crash');
    expect(await nextOf(events, 'process')).toMatchObject({ which: 'engine', state: 'down' });
    const back: StudioEvent[] = [await nextOf(events, 'process'), await nextOf(events, 'revision')];
    expect(back[0]).toMatchObject({ which: 'engine', state: 'up' });
    expect(back[1]).not.toEqual(before);
  });

  it('tells a listener that comes late the revision and what is down', async () => {
    const hub = new EventHub(
      async () => new Response(null, { status: 503 }),
      () => [{ type: 'process', which: 'worker', state: 'down', message: 'gone' }],
    );
    hub.publish({ type: 'revision', project: 'p', revision: 7 });
    const events = readEvents(hub.response().body as ReadableStream<Uint8Array>);
    expect((await events.next()).value).toEqual({ type: 'revision', project: 'p', revision: 7 });
    expect((await events.next()).value).toMatchObject({ which: 'worker', state: 'down' });
    hub.close();
    expect((await events.next()).done).toBe(true);
  });

  it('cuts off a listener that does not read, and goes on for the others', async () => {
    const hub = new EventHub(
      async () => new Response(null, { status: 503 }),
      () => [],
    );
    const asleep = hub.response();
    const events = readEvents(hub.response().body as ReadableStream<Uint8Array>);
    let heard = 0;
    const reading = (async () => {
      for await (const _ of events) heard++;
    })();
    for (let revision = 1; revision <= 3000; revision++) {
      hub.publish({ type: 'revision', project: null, revision });
      if (revision % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const leftInSleeper = (await asleep.text()).split('\n\n').length;
    hub.close();
    await reading;
    expect(leftInSleeper).toBeLessThan(3000);
    expect(heard).toBe(3000);
  });
});

describe('readEvents', () => {
  it('joins events that arrive in pieces and passes over comments and names', async () => {
    const text =
      ': hello\n\nevent: x\nid: 4\ndata: {"type":"revision",\ndata: "project":"é","revision":1}\r\n\r\n';
    const bytes = new TextEncoder().encode(text);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const events: StudioEvent[] = [];
    for await (const event of readEvents(body)) events.push(event);
    expect(events).toEqual([{ type: 'revision', project: 'é', revision: 1 }]);
  });
});
