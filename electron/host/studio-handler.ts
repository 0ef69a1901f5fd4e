// The one `Request -> Response` that windows and browsers talk to: the interface's files, the event stream, and the
// engine's routes. Electron mounts it on the `earmark:` scheme, `serve` on loopback HTTP behind its access checks.
import { CALLS_PREFIX, EVENTS_ROUTE, STUDIO_HEADER } from '../../shared/contract/routes.ts';
import { withSecurityHeaders } from './security-headers.ts';
import { safeSegments, staticFile } from './static-files.ts';

export interface StudioHandlerParts {
  /** The folder of the built interface. */
  readonly rendererFolder: string;
  forward(request: Request): Promise<Response>;
  events(): Response;
}

export type Handler = (request: Request) => Promise<Response>;

/** The engine's routes that may be asked from outside, with their methods. Nothing else is forwarded. */
const forwarded: readonly { readonly prefix: string; readonly methods: readonly string[] }[] = [
  { prefix: `${CALLS_PREFIX}/`, methods: ['POST'] },
  { prefix: '/media/', methods: ['GET', 'HEAD', 'POST'] },
  { prefix: '/arrays/', methods: ['GET', 'HEAD', 'POST'] },
];

const readMethods = ['GET', 'HEAD'];

export function createStudioHandler(parts: StudioHandlerParts): Handler {
  return async (request) => withSecurityHeaders(await answer(parts, request));
}

/** A refusal as the JSON that every part of the interface reads. */
export function refusal(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return Response.json({ code, message }, { status, headers: { 'cache-control': 'no-store', ...headers } });
}

async function answer(parts: StudioHandlerParts, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const { method } = request;
  if (safeSegments(pathname) === null) {
    return refusal(404, 'http/no-such-page', 'There is nothing at this address.');
  }
  if (pathname === '/internal' || pathname.startsWith('/internal/')) {
    return refusal(403, 'http/internal', 'This address is for the studio itself. Nothing was done.');
  }
  const route = forwarded.find(({ prefix }) => pathname.startsWith(prefix));
  const methods = route?.methods ?? readMethods;
  if (!methods.includes(method)) {
    return refusal(405, 'http/method', `${method} is not possible here. Nothing was done.`, {
      allow: methods.join(', '),
    });
  }
  if (!readMethods.includes(method) && !request.headers.has(STUDIO_HEADER)) {
    return refusal(
      403,
      'http/foreign-request',
      `The request lacks the header ${STUDIO_HEADER}, which the studio's own pages send. Nothing was done.`,
    );
  }
  if (route !== undefined) return parts.forward(request);
  if (pathname === EVENTS_ROUTE && method === 'GET') return parts.events();
  const file = await staticFile(parts.rendererFolder, pathname);
  if (file !== null) return method === 'HEAD' ? new Response(null, file) : file;
  if (pathname === '/') {
    return new Response(missingInterfacePage, {
      status: 503,
      headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
    });
  }
  return refusal(404, 'http/no-such-page', 'There is nothing at this address.');
}

const missingInterfacePage = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Earmark</title>
<meta name="color-scheme" content="light dark">
<body style="font: 13px/20px system-ui, sans-serif; margin: 10vh auto; max-width: 36em; padding: 0 2em">
<h1 style="font-size: 16px">The interface is missing</h1>
<p>The files of the interface are not where they should be. Your projects are unharmed.</p>
<p>In a checkout: close Earmark and run <code>npm start</code>, which builds them. Installed: install Earmark again.</p>
</body></html>
`;
