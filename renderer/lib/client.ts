// The one way to the engine: contract-typed calls, their cached queries, and bytes by plain HTTP.
import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import { createTanstackQueryUtils } from '@orpc/tanstack-query';
import { QueryClient } from '@tanstack/react-query';
import type { StudioClient } from '../../shared/contract/index.ts';
import { CALLS_PREFIX, STUDIO_HEADER } from '../../shared/contract/routes.ts';
import { type ErrorData, fromErrorData, toErrorData } from '../../shared/errors.ts';

function callsUrl(): string {
  return new URL(CALLS_PREFIX, globalThis.location?.href ?? 'http://localhost/').href;
}

const link = new RPCLink({ url: callsUrl, headers: { [STUDIO_HEADER]: '1' } });

/** The calls themselves: `await client.clips.get({ id })`. Throws; see `errorDataOf`. */
export const client: StudioClient = createORPCClient(link);

/** The same calls for react-query: `useQuery(calls.clips.get.queryOptions({ input: { id } }))`. */
export const calls = createTanstackQueryUtils(client);

/** Data stays until a revision event says otherwise (lib/events.ts), so nothing is stale by age. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 60_000,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      retry: (failures, error) => failures < 2 && isUnreachable(error),
      retryDelay: 400,
    },
    mutations: { retry: false },
  },
});

/** True when no reply came at all: the engine or the host is down, not unhappy. */
export function isUnreachable(error: unknown): boolean {
  return (
    error instanceof TypeError ||
    (error instanceof ORPCError && (error.status === 502 || error.status === 503))
  );
}

function isErrorData(value: unknown): value is ErrorData {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as ErrorData).code === 'string' &&
    typeof (value as ErrorData).message === 'string'
  );
}

/** Any thrown value as a code, a sentence and details, as the engine gave them where it did. */
export function errorDataOf(error: unknown): ErrorData {
  if (error instanceof ORPCError) {
    const details: unknown = error.data;
    return {
      code: String(error.code),
      message: error.message,
      ...(typeof details === 'object' && details !== null ? { details: { ...details } } : {}),
    };
  }
  if (isUnreachable(error)) {
    return {
      code: 'host/unreachable',
      message:
        'The engine does not answer. Decisions that were shown as saved are on disk. It is being restarted.',
    };
  }
  return toErrorData(error);
}

/** GET or POST of a byte route, with the studio's header; throws an EarmarkError with the engine's sentence. */
export async function fetchBytes(route: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(route, { ...init, headers: { ...init.headers, [STUDIO_HEADER]: '1' } });
  if (!response.ok) {
    const body: unknown = await response.json().catch(() => null);
    throw fromErrorData(
      isErrorData(body)
        ? body
        : { code: `http/${response.status}`, message: `The engine answered ${response.status}.` },
    );
  }
  return response;
}
