import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import {
  applyChanges,
  closeCatalog,
  createBackup,
  dailyBackup,
  listBackups,
  openCatalog,
  readClips,
  restoreBackup,
} from './index.ts';
import { change, makeProject, temporaryFolder } from './test-support.ts';

const folder = temporaryFolder();

function labelsOf(file: string): (string | null)[] {
  const catalog = openCatalog(file);
  const labels = [...readClips(catalog)].map((clip) => clip.label);
  closeCatalog(catalog);
  return labels;
}

describe('a backup', () => {
  it('is a whole project that can be put back; what was there is moved aside', () => {
    const { catalog, ids } = makeProject(folder, 2);
    const backup = createBackup(catalog, 'before: the party/2');
    expect(backup).toMatchObject({ label: 'before- the party-2' });
    expect(listBackups(catalog.file)).toEqual([backup]);
    applyChanges(catalog, { by: 'ann', changes: ids.map((id) => change(id, { to: 'seven' })) });
    expect(() => restoreBackup(catalog.file, backup.file)).toThrow('is open in another window');
    expect([...readClips(catalog)][0]?.label).toBe('seven');
    closeCatalog(catalog);
    const { movedAside } = restoreBackup(catalog.file, backup.file);
    expect(labelsOf(catalog.file)).toEqual(['four', 'four']);
    expect(labelsOf(movedAside ?? '')).toEqual(['seven', 'seven']);
    expect(existsSync(backup.file)).toBe(true);
  });

  it('replaces a damaged project, whose bytes are kept too', () => {
    const { catalog } = makeProject(folder, 30);
    const backup = createBackup(catalog);
    closeCatalog(catalog);
    const rubbish = Buffer.alloc(9000, 7);
    writeFileSync(catalog.file, rubbish);
    const { movedAside } = restoreBackup(catalog.file, backup.file);
    expect(labelsOf(catalog.file).length).toBe(30);
    expect(readFileSync(movedAside ?? '').equals(rubbish)).toBe(true);
  });

  it('that is damaged itself is refused before anything is touched', () => {
    const { catalog } = makeProject(folder, 300);
    const backup = createBackup(catalog);
    closeCatalog(catalog);
    const bytes = readFileSync(backup.file);
    bytes.fill(0x5a, 8192, 20_000);
    writeFileSync(backup.file, bytes);
    const before = readFileSync(catalog.file);
    expect(() => restoreBackup(catalog.file, backup.file)).toThrow(/damaged/);
    expect(() => restoreBackup(catalog.file, join(folder, 'no such backup'))).toThrow('There is no project');
    expect(readFileSync(catalog.file).equals(before)).toBe(true);
  });

  it('is listed only when it is whole, newest first', () => {
    const { catalog } = makeProject(folder, 1);
    const backups = `${catalog.file}.backups`;
    mkdirSync(backups);
    for (const name of [
      '2026-01-01T00-00-00-000Z.earmark.partial',
      'notes.txt',
      '2025-01-01T00-00-00-000Z.earmark',
    ]) {
      writeFileSync(join(backups, name), '');
    }
    const made = createBackup(catalog);
    expect(listBackups(catalog.file).map((backup) => backup.name)).toEqual([
      made.name,
      '2025-01-01T00-00-00-000Z.earmark',
    ]);
    expect(listBackups(catalog.file)[1]).toMatchObject({
      createdAt: '2025-01-01T00:00:00.000Z',
      label: null,
      bytes: 0,
    });
  });

  it('is made once a day; seven daily ones are kept, and all that a person made', () => {
    const { catalog } = makeProject(folder, 1);
    const backups = `${catalog.file}.backups`;
    mkdirSync(backups);
    for (let day = 1; day <= 9; day += 1)
      writeFileSync(join(backups, `2025-03-0${day}T10-00-00-000Z-daily.earmark`), '');
    writeFileSync(join(backups, '2024-01-01T00-00-00-000Z-release.earmark'), '');
    const made = dailyBackup(catalog);
    expect(made?.label).toBe('daily');
    expect(dailyBackup(catalog)).toBeNull();
    const names = readdirSync(backups).sort();
    expect(names).toEqual([
      '2024-01-01T00-00-00-000Z-release.earmark',
      ...[4, 5, 6, 7, 8, 9].map((day) => `2025-03-0${day}T10-00-00-000Z-daily.earmark`),
      basename(made?.file ?? ''),
    ]);
  });

  it('holds the log of decisions as it was', () => {
    const { catalog, ids } = makeProject(folder, 3);
    applyChanges(catalog, { by: 'ann', changes: ids.map((id) => change(id, { to: 'nine' })) });
    const copy = new Database(createBackup(catalog).file, { readonly: true });
    expect(copy.prepare('SELECT COUNT(*) FROM v_decisions').pluck().get()).toBe(3);
    copy.close();
  });
});
