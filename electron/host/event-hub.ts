// The event stream that windows and browsers hear: the engine's events and the host's own, through engine restarts.
// One subscription upstream, any number of listeners.
import type { StudioEvent } from '../../shared/contract/events.ts';

/** Comment lines at this pace keep proxies from closing a quiet stream. */
const HEARTBEAT_MS = 15_000;
const RECONNECT_MS = 300;
/** A listener that lets so many events pile up is cut off; its EventSource comes back and reads afresh. */
const MAX_PENDING = 2000;

const encoder = new TextEncoder();

export class EventHub {
  private readonly connect: (signal: AbortSignal) => Promise<Response>;
  private readonly troubles: () => readonly StudioEvent[];
  private readonly sinks = new Set<ReadableStreamDefaultController<Uint8Array>>();
  private readonly closing = new AbortController();
  private readonly heartbeat: NodeJS.Timeout;
  /** Sent to every new listener, as the engine sends it to the hub. */
  private lastRevision: StudioEvent | null = null;
  private isSubscribed = false;

  /**
   * @param connect - asks the engine for its event stream.
   * @param troubles - events that a new listener must know: which process is down.
   */
  constructor(connect: (signal: AbortSignal) => Promise<Response>, troubles: () => readonly StudioEvent[]) {
    this.connect = connect;
    this.troubles = troubles;
    this.heartbeat = setInterval(() => this.write(': \n\n'), HEARTBEAT_MS);
    this.heartbeat.unref();
  }

  /** To be called whenever the engine answers again; a second call while subscribed does nothing. */
  subscribe(): void {
    if (this.isSubscribed || this.closing.signal.aborted) return;
    this.isSubscribed = true;
    void this.listen();
  }

  publish(event: StudioEvent): void {
    if (event.type === 'revision') this.lastRevision = event;
    this.write(encode(event));
  }

  /** A new listener's stream. It ends when the listener cancels it or the host closes. */
  response(): Response {
    let sink: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        sink = controller;
        const first = [...(this.lastRevision === null ? [] : [this.lastRevision]), ...this.troubles()];
        controller.enqueue(encoder.encode(`retry: 1000\n\n${first.map(encode).join('')}`));
        if (this.closing.signal.aborted) controller.close();
        else this.sinks.add(controller);
      },
      cancel: () => {
        this.sinks.delete(sink);
      },
    });
    return new Response(body, {
      headers: {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      },
    });
  }

  close(): void {
    clearInterval(this.heartbeat);
    this.closing.abort();
    for (const sink of this.sinks) sink.close();
    this.sinks.clear();
  }

  private async listen(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      try {
        const response = await this.connect(signal);
        if (response.ok && response.body !== null) {
          for await (const event of readEvents(response.body)) this.publish(event);
        } else {
          await response.body?.cancel();
        }
      } catch {
        // The engine went away, or the host closes. Which of both, the loop's condition knows.
      }
      await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS).unref());
    }
  }

  private write(text: string): void {
    const bytes = encoder.encode(text);
    for (const sink of this.sinks) {
      if ((sink.desiredSize ?? 0) < -MAX_PENDING) {
        this.sinks.delete(sink);
        sink.close();
      } else {
        sink.enqueue(bytes);
      }
    }
  }
}

function encode(event: StudioEvent): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}

/** Events of a server-sent stream whose data are JSON; ids, names and comments are passed over. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<StudioEvent> {
  let data = '';
  for await (const line of readLines(body)) {
    if (line.startsWith('data:')) {
      data += line.slice(5);
    } else if (line === '' && data !== '') {
      yield JSON.parse(data) as StudioEvent;
      data = '';
    }
  }
}

async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r\n|\n/);
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
