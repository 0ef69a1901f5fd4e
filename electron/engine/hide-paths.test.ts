import { describe, expect, it } from 'vitest';
import { withoutFolders } from './hide-paths.ts';

describe('sentences that leave the engine', () => {
  it('name a project without its folder', () => {
    const file = '/home/ada/my data/work.earmark';
    expect(withoutFolders(`The project ${file} is cut short. Restore from ${file}.backups.`, [file])).toBe(
      'The project work.earmark is cut short. Restore from work.earmark.backups.',
    );
  });

  it('name files of a chosen folder from that folder on', () => {
    expect(withoutFolders('/data/set/yes/a.wav is no audio', ['/data/set'])).toBe('yes/a.wav is no audio');
    expect(withoutFolders('There is no file or folder /data/set.', ['/data/set'])).toBe(
      'There is no file or folder set.',
    );
  });

  it('are left as they are when they name no folder', () => {
    expect(withoutFolders('3 of 4 rows matched; yes/a.wav is missing', ['/data/set', '/'])).toBe(
      '3 of 4 rows matched; yes/a.wav is missing',
    );
  });
});
