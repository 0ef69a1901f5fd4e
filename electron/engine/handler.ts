// The whole backend as one function: Request -> Response. Mounted by the desktop shell, by `serve`, and called by tests.
import { RPCHandler } from '@orpc/server/fetch';
import { z } from 'zod';
import { filterText, sortKey } from '../../shared/contract/common.ts';
import { CALLS_PREFIX, CLIP_IDS_ROUTE, EVENTS_ROUTE } from '../../shared/contract/routes.ts';
import { EarmarkError } from '../../shared/errors.ts';
import { clipLocation } from '../catalog/index.ts';
import { orderedIds } from '../features/clips.ts';
import type { Studio } from '../features/context.ts';
import { openPath } from '../features/open-path.ts';
import { containedPath } from '../formats/index.ts';
import {
  INTERNAL_GRANT_ROUTE,
  INTERNAL_OPEN_ROUTE,
  INTERNAL_PATH_ROUTE,
  INTERNAL_PREFIX,
  SECRET_HEADER,
} from '../ipc/messages.ts';
import type { EventHub } from './event-hub.ts';
import { mapResponse } from './map-routes.ts';
import type { MediaRoutes } from './media.ts';
import { createRouter, toRpcError } from './router.ts';

const idsRequest = z.object({ filter: filterText, sort: sortKey.nullable() });
const pathRequest = z.object({ path: z.string().min(1) });
const whereRequest = z.union([
  z.object({ handle: z.string() }),
  z.object({ clipId: z.number().int().positive() }),
]);

export interface HandlerParts {
  readonly studio: Studio;
  readonly events: EventHub;
  readonly media: MediaRoutes;
  /** Proves that a request comes from the host; null = no host (tests, the command line). */
  readonly secret: string | null;
}

export type FetchHandler = (request: Request) => Promise<Response>;

/** @throws EarmarkError `request/invalid` when the body is not what the route takes. */
async function bodyOf<Shape extends z.ZodType>(request: Request, shape: Shape): Promise<z.output<Shape>> {
  const parsed = shape.safeParse(await request.json().catch(() => undefined));
  if (parsed.success) return parsed.data;
  throw new EarmarkError('request/invalid', 'The request is not what this address takes. Nothing was done.', {
    issues: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
  });
}

function errorResponse(error: unknown): Response {
  const rpc = toRpcError(error);
  return Response.json({ code: rpc.code, message: rpc.message, details: rpc.data }, { status: rpc.status });
}

export function createFetchHandler({ studio, events, media, secret }: HandlerParts): FetchHandler {
  const rpc = new RPCHandler(createRouter(studio), {
    interceptors: [
      async ({ next }) => {
        try {
          return await next();
        } catch (error) {
          throw toRpcError(error);
        }
      },
    ],
  });

  async function internal(request: Request, url: URL): Promise<Response> {
    switch (url.pathname) {
      case INTERNAL_OPEN_ROUTE:
        return Response.json(await openPath(studio, (await bodyOf(request, pathRequest)).path));
      case INTERNAL_GRANT_ROUTE:
        return Response.json(studio.places.grant((await bodyOf(request, pathRequest)).path));
      case INTERNAL_PATH_ROUTE: {
        const where = await bodyOf(request, whereRequest);
        if ('handle' in where) return Response.json({ path: studio.places.pathOf(where.handle) });
        const { root, path } = clipLocation(studio.project().catalog, where.clipId);
        return Response.json({ path: `${root}/${await containedPath(root, path)}` });
      }
      default:
        return new Response('Not found.', { status: 404 });
    }
  }

  async function respond(request: Request): Promise<Response> {
    const url = new URL(request.url);
    if (secret !== null && request.headers.get(SECRET_HEADER) !== secret) {
      return new Response('This address is for the studio only.', { status: 403 });
    }
    if (url.pathname.startsWith(CALLS_PREFIX)) {
      const { matched, response } = await rpc.handle(request, { prefix: CALLS_PREFIX, context: {} });
      return matched ? response : new Response('There is no such call.', { status: 404 });
    }
    if (url.pathname === EVENTS_ROUTE && request.method === 'GET') {
      const project = studio.projectOrNull();
      return events.stream(
        { type: 'revision', project: project?.id ?? null, revision: project?.revision ?? 0 },
        request.signal,
      );
    }
    if (url.pathname.startsWith(INTERNAL_PREFIX) && request.method === 'POST') return internal(request, url);
    if (url.pathname === CLIP_IDS_ROUTE && request.method === 'POST') {
      const { filter, sort } = await bodyOf(request, idsRequest);
      const ids = orderedIds(studio.project().set, filter, sort);
      return new Response(ids.buffer as ArrayBuffer, {
        headers: { 'content-type': 'application/octet-stream' },
      });
    }
    return (
      mapResponse(studio, request, url) ??
      (await media.handle(request, url)) ??
      new Response('Not found.', { status: 404 })
    );
  }

  return (request) => respond(request).catch(errorResponse);
}
