import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWarnings } from './index.ts';

const mounts = `/dev/sda1 / ext4 rw 0 0
server:/export /mnt/lab nfs4 rw 0 0
//nas/audio /mnt/my\\040disk cifs rw 0 0
/dev/sdb1 /mnt/lab/local ext4 rw 0 0
`;

function codes(file: string): string[] {
  return folderWarnings(file, mounts).map((problem) => problem.code);
}

describe('the place of a project', () => {
  it.each([
    'Dropbox',
    'Dropbox (Personal)',
    'OneDrive - Contoso',
    'Google Drive',
    'Library/Mobile Documents',
  ])('in %s gets a warning', (name) => {
    expect(codes(join(homedir(), name, 'speech', 'p.earmark'))).toEqual(['project/cloud-folder']);
  });

  it('on a network drive gets a warning that names the file system', () => {
    expect(codes('/mnt/lab/p.earmark')).toEqual(['project/network-folder']);
    expect(codes('/mnt/my disk/speech/p.earmark')).toEqual(['project/network-folder']);
    expect(folderWarnings('/mnt/lab/p.earmark', mounts)[0]?.message).toContain('nfs4');
  });

  it('on a local disk gets none', () => {
    expect(codes('/mnt/lab/local/p.earmark')).toEqual([]);
    expect(codes('/mnt/laboratory/p.earmark')).toEqual([]);
    expect(codes(join(homedir(), 'dropboxes', 'p.earmark'))).toEqual([]);
  });
});
