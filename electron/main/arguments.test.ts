import { describe, expect, it } from 'vitest';
import { readShellArguments } from './arguments.ts';

describe('the path that the shell opens', () => {
  it('follows the app’s folder in a checkout, and the program when installed', () => {
    expect(readShellArguments(['electron', '.', '/data/a b.earmark'], false).path).toBe('/data/a b.earmark');
    expect(readShellArguments(['/opt/Earmark/earmark', '/data/words'], true).path).toBe('/data/words');
  });

  it('is none when nothing is named, whatever switches Chromium adds', () => {
    expect(readShellArguments(['electron', '--no-first-run', '.'], false).path).toBe(null);
    expect(readShellArguments(['earmark', '--original-process-start-time=1'], true).path).toBe(null);
  });
});
