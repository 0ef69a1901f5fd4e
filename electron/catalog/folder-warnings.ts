// Warns of project files in places where SQLite's locks or files cannot be trusted: network drives and folders that a
// cloud service keeps in step behind the program's back.
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, resolve, sep } from 'node:path';
import type { Problem } from '../../shared/contract/common.ts';

/** Folder names as the services' programs make them, matched against each part of the path. */
const cloudFolders: readonly (readonly [service: string, pattern: RegExp])[] = [
  ['Dropbox', /^dropbox( \(.*\))?$/i],
  ['OneDrive', /^onedrive( - .*|-.*)?$/i],
  ['iCloud Drive', /^(com~apple~clouddocs|icloud ?drive|mobile documents)$/i],
  ['Google Drive', /^(google ?drive|googledrive-.*|my drive)$/i],
];

const networkFileSystems =
  /^(nfs\d?|cifs|smb\d?|smbfs|9p|afs|ncpfs|fuse\.sshfs|fuse\.rclone|ceph|glusterfs|davfs2?|fuse\.davfs2?)$/;

/**
 * What to tell a person about the place of a project file; empty when it is a good one.
 * `mounts` is the text of /proc/mounts; read from the system when not given (Linux only).
 */
export function folderWarnings(file: string, mounts: string | null = readMounts()): Problem[] {
  const path = resolve(file);
  const problems: Problem[] = [];
  const service = cloudService(path);
  if (service !== null) {
    problems.push({
      code: 'project/cloud-folder',
      message: `The project lies in a folder that ${service} keeps in step. Its copies can damage an open project or make conflicting ones. Better: keep the project on this computer and put backups there.`,
      count: 1,
      examples: [dirname(path)],
    });
  }
  const fileSystem = mounts === null ? null : networkFileSystem(path, mounts);
  if (fileSystem !== null || path.startsWith('\\\\')) {
    problems.push({
      code: 'project/network-folder',
      message: `The project lies on a network drive${fileSystem === null ? '' : ` (${fileSystem})`}, where locks are not reliable: two computers that write at once can damage it. Better: keep the project on a local disk.`,
      count: 1,
      examples: [dirname(path)],
    });
  }
  return problems;
}

function cloudService(path: string): string | null {
  // Only below the home folder or a volume of its own: a company's folder named "dropbox" elsewhere is just a name.
  const home = homedir();
  const below = path.startsWith(home + sep) ? path.slice(home.length) : path;
  const parts = dirname(below).split(/[\\/]/);
  for (const [service, pattern] of cloudFolders) {
    if (parts.some((part) => pattern.test(part))) return service;
  }
  return null;
}

/** The file system of the longest mount point that holds `path`, when it is one over a network. */
function networkFileSystem(path: string, mounts: string): string | null {
  let longest = -1;
  let found: string | null = null;
  for (const line of mounts.split('\n')) {
    const [, rawPoint, type] = line.split(' ');
    if (rawPoint === undefined || type === undefined) continue;
    const point = rawPoint.replace(/\\([0-7]{3})/g, (_, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 8)),
    );
    const isAbove = path === point || path.startsWith(point.endsWith('/') ? point : `${point}/`);
    // Later mounts on the same point hide earlier ones.
    if (isAbove && point.length >= longest) {
      longest = point.length;
      found = networkFileSystems.test(type) ? type : null;
    }
  }
  return found;
}

function readMounts(): string | null {
  if (process.platform !== 'linux') return null;
  try {
    return readFileSync('/proc/mounts', 'utf8');
  } catch {
    return null;
  }
}
