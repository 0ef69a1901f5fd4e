// Who may talk to `earmark serve`. A one-time token from the printed address becomes a cookie; Host and Origin are
// checked so that no other site can reach the studio through the person's browser (DNS rebinding, forged requests).
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { withSecurityHeaders } from '../host/security-headers.ts';
import { type Handler, refusal } from '../host/studio-handler.ts';

export interface AccessOptions {
  /** The port that the server listens on; part of the cookie's name, since cookies do not know ports. */
  readonly port: number;
  /** What `--host` said. */
  readonly host: string;
}

export interface Access {
  /** Worth one visit. */
  readonly token: string;
  /** Checks a request and lets it through to `handler`, or answers it. */
  guard(request: Request, handler: Handler): Promise<Response>;
}

export function createAccess(options: AccessOptions): Access {
  const token = randomBytes(24).toString('base64url');
  const session = randomBytes(32).toString('base64url');
  const cookieName = `earmark-${options.port}`;
  let isTokenSpent = false;

  const hasSession = (request: Request): boolean => {
    const cookie = cookieOf(request, cookieName);
    return cookie !== undefined && isSame(cookie, session);
  };

  const exchange = (request: Request, given: string): Response => {
    if (hasSession(request)) return redirectHome();
    if (isTokenSpent) return deniedPage('This address was already used, and each one opens the studio once.');
    if (!isSame(given, token)) return deniedPage('The token in this address is not the one of this start.');
    isTokenSpent = true;
    return redirectHome(`${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/`);
  };

  return {
    token,
    async guard(request, handler) {
      const hostError = checkHost(request.headers.get('host'), options.host);
      if (hostError !== null) return withSecurityHeaders(hostError);
      const originError = checkOrigin(request);
      if (originError !== null) return withSecurityHeaders(originError);
      const url = new URL(request.url);
      const given = url.pathname === '/' && request.method === 'GET' ? url.searchParams.get('token') : null;
      if (given !== null) return withSecurityHeaders(exchange(request, given));
      if (hasSession(request)) return handler(request);
      const wantsPage = request.headers.get('accept')?.includes('text/html') ?? false;
      return withSecurityHeaders(
        wantsPage
          ? deniedPage('This browser has not been let in.')
          : refusal(
              403,
              'serve/no-session',
              'This browser has not been let in. Open the address that was printed at the start.',
            ),
      );
    },
  };
}

/** Equal or not, in a time that says nothing of where they differ. */
function isSame(given: string, wanted: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(wanted));
}

function cookieOf(request: Request, name: string): string | undefined {
  for (const part of request.headers.get('cookie')?.split(';') ?? []) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name) return value;
  }
  return undefined;
}

/**
 * Another site can point a name of its own at this machine, but then its name stands in the Host header. The port
 * is left open: a forwarded port (ssh -L) is seen by the browser under another number.
 */
function checkHost(header: string | null, bound: string): Response | null {
  let name = '';
  try {
    name = new URL(`http://${header ?? ''}/`).hostname.replace(/^\[|\]$/g, '');
  } catch {
    // Stays empty, which is refused.
  }
  const isLoopback = name === 'localhost' || name === '127.0.0.1' || name === '::1';
  const isBound = name !== '' && name === bound.toLowerCase();
  const isOpen = !isLoopbackHost(bound) && (isIP(name) !== 0 || name === hostname().toLowerCase());
  if (isLoopback || isBound || isOpen) return null;
  return refusal(
    403,
    'serve/host',
    'The studio was asked for under a name that is not its own. Nothing was done. Open the address that was printed at the start.',
  );
}

export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}

function checkOrigin(request: Request): Response | null {
  const origin = request.headers.get('origin');
  const site = request.headers.get('sec-fetch-site');
  const isOwnOrigin = origin === null || origin === `http://${request.headers.get('host')}`;
  // `none`: typed or opened from outside. A link on another site may lead here as a page, never as anything else.
  const isOwnSite =
    site === null ||
    site === 'same-origin' ||
    site === 'none' ||
    request.headers.get('sec-fetch-mode') === 'navigate';
  if (isOwnOrigin && isOwnSite) return null;
  return refusal(403, 'serve/origin', 'The request comes from a page of another site. Nothing was done.');
}

function redirectHome(cookie?: string): Response {
  const headers = new Headers({ location: '/', 'cache-control': 'no-store' });
  if (cookie !== undefined) headers.set('set-cookie', cookie);
  return new Response(null, { status: 303, headers });
}

function deniedPage(reason: string): Response {
  return new Response(
    `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Earmark</title>
<meta name="color-scheme" content="light dark">
<body style="font: 13px/20px system-ui, sans-serif; margin: 10vh auto; max-width: 36em; padding: 0 2em">
<h1 style="font-size: 16px">The studio did not let this browser in</h1>
<p>${reason} Nothing was changed.</p>
<p>Use the browser in which the printed address was opened first, or start Earmark again: it prints a new address.</p>
</body></html>
`,
    { status: 403, headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' } },
  );
}
