import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { databaseOf } from './handle.ts';
import {
  applyChanges,
  dataVersion,
  eventCount,
  readClipsByIds,
  readEvents,
  revision,
  undoBatch,
  undoState,
} from './index.ts';
import { change, makeProject, temporaryFolder } from './test-support.ts';

const folder = temporaryFolder();

/** A second process, as the command line beside an open window; it says `ready` before and `done` after its work. */
function secondProcess(file: string, work: string) {
  const script = `
    import { existsSync } from 'node:fs';
    import { openCatalog, closeCatalog, applyChanges, transaction } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
    const catalog = openCatalog(${JSON.stringify(file)});
    const label = (clipId, to) => applyChanges(catalog, { by: 'cli', changes: [
      { clipId, field: 'label', subject: null, to, reason: null }] });
    console.log('ready');
    ${work}
    closeCatalog(catalog);
    console.log('done');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (text: Buffer) => {
    output += text.toString();
  });
  const said = async (word: string) => {
    while (!output.includes(word)) await once(child.stdout, 'data');
  };
  return { said, ended: once(child, 'exit') };
}

describe('a window and the command line on one project', () => {
  it('see each other: what one wrote the other notices, reads, and can undo', async () => {
    const { catalog, ids } = makeProject(folder, 2);
    const [first = 0] = ids;
    applyChanges(catalog, { by: 'window', changes: [change(first, { to: 'seven' })] });
    const before = { version: dataVersion(catalog), revision: revision(catalog) };
    await secondProcess(catalog.file, `label(${first}, 'nine');`).ended;
    expect(dataVersion(catalog)).not.toBe(before.version);
    expect(revision(catalog)).toBe(before.revision + 1);
    expect(readClipsByIds(catalog, [first])[0]?.label).toBe('nine');
    expect(undoState(catalog).undo).toBe('seven -> nine');
    undoBatch(catalog, 'window');
    expect(readClipsByIds(catalog, [first])[0]?.label).toBe('seven');
  });

  it('write at the same time, and every decision of both is kept in one order', async () => {
    const { catalog, ids } = makeProject(folder, 2);
    const [first = 0, second = 0] = ids;
    const other = secondProcess(catalog.file, `for (let n = 0; n < 60; n += 1) label(${first}, 'cli ' + n);`);
    await other.said('ready');
    for (let n = 0; n < 60; n += 1) {
      applyChanges(catalog, { by: 'window', changes: [change(second, { to: `window ${n}` })] });
    }
    await other.ended;
    expect(eventCount(catalog)).toBe(120);
    const events = [...readEvents(catalog)];
    expect(events.map((event) => event.id)).toEqual(events.map((event) => event.id).sort());
    expect(readClipsByIds(catalog, ids).map((clip) => clip.label)).toEqual(['cli 59', 'window 59']);
  });

  it('wait for each other, and say so when the wait was too long', async () => {
    const { catalog, ids } = makeProject(folder, 2);
    const [first = 0, second = 0] = ids;
    const mayEnd = join(folder, 'may-end');
    const wait = `while (!existsSync(${JSON.stringify(mayEnd)})) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)`;
    const other = secondProcess(
      catalog.file,
      `transaction(catalog, () => { label(${first}, 'cli'); console.log('holding'); ${wait}; });`,
    );
    await other.said('holding');
    databaseOf(catalog).pragma('busy_timeout = 50');
    const decide = () => applyChanges(catalog, { by: 'window', changes: [change(second, { to: 'window' })] });
    expect(decide).toThrow('Another program has been writing');
    expect(readClipsByIds(catalog, ids).map((clip) => clip.label)).toEqual(['four', 'four']);
    databaseOf(catalog).pragma('busy_timeout = 5000');
    writeFileSync(mayEnd, '');
    expect(decide().applied).toBe(1);
    expect(readClipsByIds(catalog, ids).map((clip) => clip.label)).toEqual(['cli', 'window']);
    await other.ended;
  });
});
