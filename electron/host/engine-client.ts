// Requests to the engine over its Unix socket or named pipe. Bodies stream both ways; an aborted request is
// aborted in the engine too.
import {
  Agent,
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { setTimeout as delay } from 'node:timers/promises';
import { EarmarkError, type ErrorData } from '../../shared/errors.ts';
import { SECRET_HEADER } from '../ipc/messages.ts';

/** Belong to one connection, not to the request; and what only the host may say or keep. */
const notForwarded = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'host',
  'cookie',
  'set-cookie',
  SECRET_HEADER,
]);

const noBodyStatuses = new Set([101, 204, 205, 304]);

const CONNECT_ATTEMPTS = 20;
const CONNECT_WAIT_MS = 50;

export interface EngineClientOptions {
  readonly socketPath: string;
  readonly secret: string;
  /** Resolves when the engine answers, rejects when it does not and why. Called before each request. */
  untilReady(): Promise<void>;
}

export class EngineClient {
  private readonly options: EngineClientOptions;
  private readonly agent = new Agent({ keepAlive: true, maxFreeSockets: 16 });

  constructor(options: EngineClientOptions) {
    this.options = options;
  }

  /**
   * The engine's answer to a request that came from a window or a browser. Never rejects but for an abort: an
   * engine that is down is a 503 with `{code: 'engine/down', message}`.
   */
  async forward(request: Request): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.options.untilReady();
        return await this.exchange(request);
      } catch (error) {
        if (request.signal.aborted) throw error;
        // Not even connected: the engine has just died and its exit is not known yet. Nothing was asked of it.
        if (!isNotConnected(error) || attempt === CONNECT_ATTEMPTS) return engineDown(error);
        await delay(CONNECT_WAIT_MS);
      }
    }
  }

  /**
   * POSTs JSON to one of the engine's routes for the host alone.
   * @throws EarmarkError of the engine, or `engine/down`.
   */
  async call(route: string, body: unknown): Promise<unknown> {
    const response = await this.forward(
      new Request(new URL(route, 'http://engine'), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    );
    const value: unknown = await response.json();
    if (response.ok) return value;
    const { code, message, details } = value as Omit<ErrorData, 'details'> & {
      details?: ErrorData['details'] | null;
    };
    throw new EarmarkError(code, message, details ?? undefined);
  }

  /** Drops idle connections to an engine that is gone. */
  dropConnections(): void {
    this.agent.destroy();
  }

  private exchange(request: Request, isRetry = false): Promise<Response> {
    const url = new URL(request.url);
    const headers: OutgoingHttpHeaders = {};
    for (const [name, value] of request.headers) if (!notForwarded.has(name)) headers[name] = value;
    headers.host = 'engine';
    headers[SECRET_HEADER] = this.options.secret;
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest({
        agent: this.agent,
        socketPath: this.options.socketPath,
        method: request.method,
        path: url.pathname + url.search,
        headers,
        signal: request.signal,
      });
      outgoing.on('error', (error) => {
        // The engine may close an idle connection in the moment it is used again. Without a body, ask once more.
        const mayRetry =
          outgoing.reusedSocket && request.body === null && !isRetry && !request.signal.aborted;
        if (mayRetry) this.exchange(request, true).then(resolve, reject);
        else reject(error);
      });
      outgoing.on('response', (incoming) => resolve(toResponse(incoming, request.method)));
      const { body } = request;
      if (body === null) {
        outgoing.end();
        return;
      }
      // The body is untouched until there is a connection, so that the request can be made again without one.
      outgoing.on('socket', (socket) => {
        if (socket.connecting) socket.once('connect', () => sendBody(body as NodeReadableStream, outgoing));
        else sendBody(body as NodeReadableStream, outgoing);
      });
    });
  }
}

function sendBody(body: NodeReadableStream, outgoing: ClientRequest): void {
  const bytes = Readable.fromWeb(body);
  bytes.on('error', (error) => outgoing.destroy(error));
  bytes.pipe(outgoing);
}

function isNotConnected(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ECONNREFUSED' || code === 'ENOENT';
}

function toResponse(incoming: IncomingMessage, method: string): Response {
  const status = incoming.statusCode ?? 502;
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value === undefined || notForwarded.has(name)) continue;
    headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  if (method === 'HEAD' || noBodyStatuses.has(status)) {
    incoming.resume();
    return new Response(null, { status, headers });
  }
  // When the engine dies in the middle of a body, the reader of the stream gets the error.
  return new Response(Readable.toWeb(incoming) as unknown as ReadableStream, { status, headers });
}

/**
 * The answer while the engine is away. `json` is what the call client reads, `code` and `message` what the others
 * read.
 */
function engineDown(error: unknown): Response {
  const data: ErrorData =
    error instanceof EarmarkError
      ? { code: error.code, message: error.message }
      : {
          code: 'engine/down',
          message:
            'The engine stopped and is being started again. Nothing that was saved is lost; try again in a moment.',
        };
  return Response.json(
    {
      ...data,
      json: { defined: false, code: data.code, status: 503, message: data.message, data: null },
      meta: [],
    },
    { status: 503, headers: { 'retry-after': '1', 'cache-control': 'no-store' } },
  );
}
