import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { EarmarkError } from '../../shared/errors.ts';
import { databaseOf } from './handle.ts';
import {
  applyChanges,
  clipCount,
  closeCatalog,
  createCatalog,
  eventCount,
  finishImport,
  getSetting,
  importClips,
  listDatasets,
  openCatalog,
  projectId,
  projectName,
  readClips,
  revision,
  SCHEMA_VERSION,
  setDatasetRoot,
  setSetting,
  transaction,
  upsertDataset,
} from './index.ts';
import { change, clipInput, makeProject, temporaryFolder } from './test-support.ts';

const folder = temporaryFolder();

function errorOf(action: () => unknown): EarmarkError {
  try {
    action();
  } catch (error) {
    if (error instanceof EarmarkError) return error;
    throw error;
  }
  throw new Error('expected an error');
}

function newFile(name: string): string {
  return join(folder, `${name}.earmark`);
}

/** A closed project of 200 clips. */
function closedProject(): string {
  const { catalog } = makeProject(folder, 200);
  closeCatalog(catalog);
  return catalog.file;
}

describe('a project file', () => {
  it('is made, closed, and opened again with its name, settings and datasets', () => {
    const file = newFile('again');
    const made = createCatalog(file, 'Digits of Ann');
    const id = projectId(made);
    expect(id).not.toBe('');
    setSetting(made, 'favouriteLabels', ['yes', 'no']);
    upsertDataset(made, {
      name: 'd',
      root: '/old',
      source: '/old/list.csv',
      format: 'table',
      options: { mapping: { label: 'w' } },
    });
    closeCatalog(made);
    const catalog = openCatalog(file, { by: 'ann' });
    expect(projectName(catalog)).toBe('Digits of Ann');
    expect(projectId(catalog)).toBe(id);
    expect(getSetting(catalog, 'favouriteLabels')).toEqual(['yes', 'no']);
    expect(getSetting(catalog, 'by')).toBe('ann');
    expect(getSetting(catalog, 'never set')).toBeUndefined();
    const [dataset] = listDatasets(catalog);
    expect(dataset).toMatchObject({ name: 'd', format: 'table', options: { mapping: { label: 'w' } } });
    expect(setDatasetRoot(catalog, dataset?.id ?? 0, '/new')).toMatchObject({
      root: '/new',
      source: '/new/list.csv',
    });
    closeCatalog(catalog);
    const later = openCatalog(file, { by: 'ben' });
    expect(getSetting(later, 'by')).toBe('ann');
    setSetting(later, 'favouriteLabels', undefined);
    expect(getSetting(later, 'favouriteLabels')).toBeUndefined();
    closeCatalog(later);
    expect(errorOf(() => clipCount(later)).code).toBe('project/closed');
  });

  it('is never made over an existing file, and leaves nothing behind when it cannot be made', () => {
    const file = newFile('taken');
    writeFileSync(file, 'a letter to my aunt');
    expect(errorOf(() => createCatalog(file, 'x')).code).toBe('project/exists');
    expect(readFileSync(file, 'utf8')).toBe('a letter to my aunt');
    expect(errorOf(() => createCatalog(join(folder, 'no', 'such', 'p.earmark'), 'x')).code).toBe(
      'project/read-only',
    );
    expect(readdirSync(folder).filter((name) => name.includes('.new'))).toEqual([]);
  });

  it('is opened with the pragmas that keep commits safe, also the second time', () => {
    const catalog = openCatalog(closedProject());
    const read = (name: string) => databaseOf(catalog).pragma(name, { simple: true });
    expect(read('journal_mode')).toBe('wal');
    expect(read('synchronous')).toBe(2);
    expect(read('foreign_keys')).toBe(1);
    expect(read('trusted_schema')).toBe(0);
    expect(read('busy_timeout')).toBe(5000);
    expect(read('application_id')).toBe(0x4541524d);
    expect(read('user_version')).toBe(SCHEMA_VERSION);
    closeCatalog(catalog);
  });

  it('raises its revision by one for each change that was written, and not for others', () => {
    const { catalog, ids } = makeProject(folder, 2);
    const before = revision(catalog);
    const [first = 0] = ids;
    applyChanges(catalog, { by: 'ann', changes: [change(first, { to: 'seven' })] });
    expect(revision(catalog)).toBe(before + 1);
    applyChanges(catalog, { by: 'ann', changes: [change(first, { to: 'seven' })] });
    expect(revision(catalog)).toBe(before + 1);
    expect(() =>
      transaction(catalog, () => {
        applyChanges(catalog, { by: 'ann', changes: [change(first, { to: 'nine' })] });
        throw new Error('changed my mind');
      }),
    ).toThrow('changed my mind');
    expect(revision(catalog)).toBe(before + 1);
    expect(eventCount(catalog)).toBe(1);
  });
});

describe('a file that cannot be opened as a project', () => {
  it('is named missing when it is not there', () => {
    expect(errorOf(() => openCatalog(newFile('nowhere'))).code).toBe('project/missing');
  });

  it.each([
    ['an empty file', Buffer.alloc(0)],
    ['a few bytes', Buffer.from('SQLite format 3\0 and no more')],
    ['random bytes', Buffer.from(Array.from({ length: 20_000 }, (_, index) => (index * 7919) % 251))],
    ['a text', Buffer.from('path,label\n'.repeat(100))],
  ])('is told to be no project when it holds %s, and is left as it is', (title, bytes) => {
    const file = newFile(title.replaceAll(' ', '-'));
    writeFileSync(file, bytes);
    const error = errorOf(() => openCatalog(file));
    expect(error.code).toBe('project/not-a-project');
    expect(error.message).toContain(file);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it('is told to be no project when it is a folder or the database of another program', () => {
    mkdirSync(newFile('folder'));
    expect(errorOf(() => openCatalog(newFile('folder'))).code).toBe('project/not-a-project');
    const other = new Database(newFile('other'));
    other.exec('CREATE TABLE photos (id INTEGER)');
    other.close();
    expect(errorOf(() => openCatalog(newFile('other')))).toMatchObject({
      code: 'project/not-a-project',
      message: expect.stringContaining('another application'),
    });
  });

  it('is told to be cut short, with both sizes, when its end is missing', () => {
    const file = closedProject();
    const { size } = statSync(file);
    truncateSync(file, size - 5000);
    expect(errorOf(() => openCatalog(file))).toMatchObject({
      code: 'project/damaged',
      message: expect.stringContaining(`${size - 5000} of ${size} bytes`),
    });
    truncateSync(file, 60);
    expect(errorOf(() => openCatalog(file)).code).toBe('project/not-a-project');
  });

  it('is told to be damaged when its pages hold rubbish', () => {
    const file = closedProject();
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 4096);
    writeFileSync(file, bytes);
    expect(errorOf(() => [...readClips(openCatalog(file))])).toMatchObject({
      code: 'project/damaged',
      message: expect.stringContaining('backups'),
    });
  });

  it('is refused with its version when a newer Earmark wrote it', () => {
    const file = closedProject();
    const database = new Database(file);
    database.pragma(`user_version = ${SCHEMA_VERSION + 3}`);
    database.close();
    const before = readFileSync(file);
    expect(errorOf(() => openCatalog(file))).toMatchObject({
      code: 'project/newer',
      message: expect.stringContaining(`version ${SCHEMA_VERSION + 3}`),
    });
    expect(readFileSync(file).equals(before)).toBe(true);
  });
});

describe('a project that can only be read', () => {
  it('is read, and refuses every change in a sentence', () => {
    const file = closedProject();
    const catalog = openCatalog(file, { readOnly: true });
    expect(catalog.isReadOnly).toBe(true);
    const [clip] = [...readClips(catalog)];
    expect(clip?.label).toBe('four');
    const applied = () =>
      applyChanges(catalog, { by: 'ann', changes: [change(clip?.id ?? 0, { to: 'seven' })] });
    expect(errorOf(applied).code).toBe('project/read-only');
    expect(errorOf(() => setSetting(catalog, 'by', 'ann')).code).toBe('project/read-only');
    closeCatalog(catalog);
  });

  // The super-user may write anywhere, so the check runs as a process of another user where that is possible.
  const canBecomeAnother = process.getuid?.() === 0;
  const isPlainUser = process.platform !== 'win32' && !canBecomeAnother;
  it.skipIf(!canBecomeAnother && !isPlainUser)('opens from a write-protected folder as read-only', () => {
    const protectedFolder = join(folder, 'protected');
    mkdirSync(protectedFolder);
    const file = join(protectedFolder, 'p.earmark');
    copyFileSync(closedProject(), file);
    chmodSync(folder, 0o755);
    chmodSync(file, 0o444);
    chmodSync(protectedFolder, 0o555);
    // Left by a process that ends without closing, too: no copy may stay behind.
    const copies = join(folder, 'copies');
    mkdirSync(copies);
    chmodSync(copies, 0o777);
    const script = `
      import { openCatalog, clipCount, setSetting } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
      const catalog = openCatalog(${JSON.stringify(file)});
      let refused = '';
      try { setSetting(catalog, 'by', 'ann'); } catch (error) { refused = error.code; }
      console.log(JSON.stringify([catalog.isReadOnly, clipCount(catalog), refused]));`;
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      env: { TMPDIR: copies },
      cwd: '/',
      ...(canBecomeAnother ? { uid: 65_534, gid: 65_534 } : {}),
    });
    chmodSync(protectedFolder, 0o755);
    expect(child.stderr).toBe('');
    expect(JSON.parse(child.stdout)).toEqual([true, 200, 'project/read-only']);
    expect(readdirSync(copies)).toEqual([]);
  });
});

describe('a full disk', () => {
  it('is told in a sentence, and nothing saved before is lost', () => {
    const { catalog, dataset, ids } = makeProject(folder, 50);
    applyChanges(catalog, { by: 'ann', changes: [change(ids[0] ?? 0, { to: 'seven' })] });
    const database = databaseOf(catalog);
    const pages = database.pragma('page_count', { simple: true }) as number;
    database.pragma(`max_page_count = ${pages + 2}`);
    const many = Array.from({ length: 500 }, (_, index) => clipInput(`more/${index}.wav`));
    const error = errorOf(() => importClips(catalog, dataset.id, 'second', many));
    expect(error.code).toBe('project/disk-full');
    expect(error.message).toContain('nothing that was saved before is lost');
    expect(clipCount(catalog)).toBe(50);
    expect([...readClips(catalog)][0]?.label).toBe('seven');
    database.pragma('max_page_count = 1000000');
    expect(importClips(catalog, dataset.id, 'second', many).added).toBe(500);
    expect(finishImport(catalog, dataset.id, 'second').missing).toBe(50);
  });

  const small = join(folder, 'small-disk');
  mkdirSync(small);
  const mounted =
    process.platform === 'linux' &&
    process.getuid?.() === 0 &&
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'earmark-test', small]).status === 0;
  it.skipIf(!mounted)('that is really full is told in the same words', () => {
    try {
      const catalog = createCatalog(join(small, 'p.earmark'), 'small');
      const dataset = upsertDataset(catalog, {
        name: 'd',
        root: '/',
        source: '/',
        format: 'folder',
        options: {},
      });
      const added: number[] = [];
      const error = errorOf(() => {
        for (let batch = 0; batch < 100; batch += 1) {
          const clips = Array.from({ length: 100 }, (_, index) => clipInput(`${batch}/${index}.wav`));
          added.push(importClips(catalog, dataset.id, 'first', clips).added);
        }
      });
      expect(error.code).toBe('project/disk-full');
      expect(added.length).toBeGreaterThan(0);
      closeCatalog(catalog);
      const again = openCatalog(join(small, 'p.earmark'));
      expect(clipCount(again)).toBe(added.length * 100);
      expect(databaseOf(again).pragma('integrity_check', { simple: true })).toBe('ok');
      closeCatalog(again);
      writeFileSync(join(small, 'filler'), Buffer.alloc(statfsFree(small)));
      expect(errorOf(() => createCatalog(join(small, 'q.earmark'), 'no room')).code).toBe(
        'project/disk-full',
      );
    } finally {
      spawnSync('umount', [small]);
    }
  });
});

function statfsFree(path: string): number {
  const { stdout } = spawnSync('df', ['--output=avail', '-B1', path], { encoding: 'utf8' });
  return Number(stdout.trim().split('\n').at(-1));
}
