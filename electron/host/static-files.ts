// The built interface (dist/renderer) as responses. Only regular files below that folder, whatever the path says.
import { readFile, realpath, stat } from 'node:fs/promises';
import { extname, isAbsolute, join, relative, sep } from 'node:path';

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
};

/** vite puts a hash of the content into the names of these files. */
const HASHED_PREFIX = '/assets/';

/** The segments of a URL path, or null when it holds anything that no file of ours needs. */
export function safeSegments(pathname: string): string[] | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  const segments = decoded.split('/').filter((segment) => segment !== '');
  const isStrange = (segment: string): boolean =>
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused.
    segment.startsWith('.') || /[\\:\u0000-\u001f]/.test(segment);
  return segments.some(isStrange) ? null : segments;
}

/**
 * Answers a request for a file of the interface; `/` is index.html.
 *
 * @returns null when there is no such file.
 */
export async function staticFile(folder: string, pathname: string): Promise<Response | null> {
  const segments = safeSegments(pathname);
  if (segments === null) return null;
  const wanted = join(folder, ...(segments.length === 0 ? ['index.html'] : segments));
  const type = mediaTypes[extname(wanted)];
  if (type === undefined) return null;
  try {
    const root = await realpath(folder);
    const path = await realpath(wanted);
    const below = relative(root, path);
    if (below.startsWith(`..${sep}`) || isAbsolute(below) || !(await stat(path)).isFile()) return null;
    return new Response(new Uint8Array(await readFile(path)), {
      headers: {
        'content-type': type,
        'cache-control': pathname.startsWith(HASHED_PREFIX)
          ? 'public, max-age=31536000, immutable'
          : 'no-cache',
      },
    });
  } catch {
    return null;
  }
}
