// Opens an address in the person's browser. Failure is silent: the address is printed anyway.
import { spawn } from 'node:child_process';

/** Not on CI machines, and not where there is no screen to open it on. */
export function openBrowser(url: string, environment: NodeJS.ProcessEnv = process.env): void {
  if (environment.CI && environment.CI !== 'false') return;
  if (environment.EARMARK_OPEN === '0') return;
  const { platform } = process;
  if (platform === 'linux' && !environment.DISPLAY && !environment.WAYLAND_DISPLAY) return;
  const [command, ...args] =
    platform === 'darwin'
      ? ['open', url]
      : platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', url]
        : ['xdg-open', url];
  try {
    const child = spawn(command as string, args, { stdio: 'ignore', detached: true });
    child.on('error', () => {});
    child.unref();
  } catch {
    // The printed address is there to be clicked.
  }
}
