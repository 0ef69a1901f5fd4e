// Which Chromium the end-to-end specs drive: one that is on the machine, never one that is downloaded.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/** Path of a Chromium or Chrome (`EARMARK_CHROMIUM` names one); null when there is none. */
export function findChromium(): string | null {
  const named = process.env.EARMARK_CHROMIUM;
  if (named !== undefined && named !== '') return existsSync(named) ? named : null;
  return places.find((place) => existsSync(place)) ?? null;
}

/** As `findChromium`; on a Debian machine where this account may, it is installed from Debian's packages first. */
export function ensureChromium(): string | null {
  const found = findChromium();
  if (
    found !== null ||
    process.platform !== 'linux' ||
    process.getuid?.() !== 0 ||
    !existsSync('/usr/bin/apt-get')
  ) {
    return found;
  }
  process.stderr.write('Chromium is not on this machine: installing it from Debian’s packages.\n');
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    execFileSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 2, 2], env: environment });
    execFileSync('apt-get', ['install', '-y', '-qq', 'chromium'], {
      stdio: ['ignore', 2, 2],
      env: environment,
    });
  } catch {
    process.stderr.write('Chromium could not be installed.\n');
  }
  return findChromium();
}
