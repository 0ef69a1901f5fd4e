import { describe, expect, it, vi } from 'vitest';
import { EarmarkError } from '../../shared/errors.ts';
import { createDispatcher, type TaskContext } from './dispatch.ts';
import { type FromHelper, ITEMS_IN_FLIGHT } from './tasks.ts';

type Labels = readonly string[];

interface Tasks {
  labels: { params: { source: string }; item: Labels; result: { rows: number } };
}

/** A dispatcher whose `labels` task is the given one, and all that it says. */
function dispatcherOf(task: (context: TaskContext<Labels>) => Promise<{ rows: number }>) {
  const said: FromHelper[] = [];
  const tell = createDispatcher<Tasks>({ labels: (_, context) => task(context) }, (message) =>
    said.push(message),
  );
  const types = (): string[] => said.map(({ type }) => type);
  const start = (id: number): void => tell({ type: 'call', id, task: 'labels', params: { source: '' } });
  return { tell, said, types, start };
}

const items = (count: number): string[] => new Array<string>(count).fill('item');
const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('a task', () => {
  it('that is asked to finish ends with what it has', async () => {
    const { tell, said, start } = dispatcherOf(async ({ finish }) => {
      let rows = 0;
      while (!finish.aborted) {
        rows += 1;
        await tick();
      }
      return { rows };
    });
    start(1);
    await tick();
    tell({ type: 'finish', id: 1 });
    await vi.waitFor(() => expect(said).toMatchObject([{ type: 'done', id: 1 }]));
  });

  it('that nobody knows is refused by name', async () => {
    const { tell, said } = dispatcherOf(async () => ({ rows: 0 }));
    tell({ type: 'call', id: 1, task: 'toString', params: {} });
    await vi.waitFor(() => expect(said).toMatchObject([{ type: 'failed', error: { code: 'task/unknown' } }]));
  });

  it('waits for the engine when it is faster, so that little lies in memory', async () => {
    const { tell, types, start } = dispatcherOf(async ({ emit }) => {
      for (let row = 0; row < 10; row++) await emit([]);
      return { rows: 10 };
    });
    start(1);
    await tick();
    expect(types()).toEqual(items(ITEMS_IN_FLIGHT));
    tell({ type: 'ack', id: 1 });
    tell({ type: 'ack', id: 1 });
    await tick();
    expect(types()).toEqual(items(ITEMS_IN_FLIGHT + 2));
    for (let acks = 0; acks < 10; acks++) tell({ type: 'ack', id: 1 });
    await vi.waitFor(() => expect(types()).toEqual([...items(10), 'done']));
  });

  it('that waits when it is cancelled ends as cancelled', async () => {
    const { tell, said, types, start } = dispatcherOf(async ({ emit }) => {
      for (;;) await emit([]);
    });
    start(1);
    await tick();
    tell({ type: 'cancel', id: 1 });
    await vi.waitFor(() => expect(types().at(-1)).toBe('failed'));
    expect(said.at(-1)).toMatchObject({ id: 1, error: { code: 'job/cancelled' } });
  });

  it('that takes no notice of a cancel is told as cancelled when it ends', async () => {
    let finish = (): void => {};
    const { tell, said, start } = dispatcherOf(async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return { rows: 0 };
    });
    start(1);
    await tick();
    tell({ type: 'cancel', id: 1 });
    finish();
    await vi.waitFor(() =>
      expect(said).toMatchObject([{ type: 'failed', error: { code: 'job/cancelled' } }]),
    );
  });

  it('that fails says why in data, and the others go on', async () => {
    let calls = 0;
    const { said, start } = dispatcherOf(async () => {
      calls += 1;
      if (calls === 1) throw new EarmarkError('table/empty', 'The table is empty.', { file: 'a.csv' });
      if (calls === 2) throw new TypeError('a bug');
      return { rows: calls };
    });
    for (const id of [1, 2, 3]) start(id);
    await vi.waitFor(() => expect(said).toHaveLength(3));
    expect(said.toSorted((a, b) => a.id - b.id)).toEqual([
      {
        type: 'failed',
        id: 1,
        error: { code: 'table/empty', message: 'The table is empty.', details: { file: 'a.csv' } },
      },
      { type: 'failed', id: 2, error: { code: 'internal', message: expect.stringContaining('a bug') } },
      { type: 'done', id: 3, result: { rows: 3 } },
    ]);
  });
});
