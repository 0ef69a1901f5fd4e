// The event stream: every listener of `/events` gets each event as a server-sent message.
import type { StudioEvent } from '../../shared/contract/events.ts';

const KEEP_ALIVE_MS = 15_000;

type Listener = (event: StudioEvent) => void;

export class EventHub {
  private readonly listeners = new Set<Listener>();

  emit(event: StudioEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** A server-sent event stream that begins with `first`. */
  stream(first: StudioEvent, signal: AbortSignal): Response {
    const encoder = new TextEncoder();
    let stop = (): void => {};
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const write = (text: string): void => {
          try {
            controller.enqueue(encoder.encode(text));
          } catch {
            stop();
          }
        };
        const send = (event: StudioEvent): void => write(`data: ${JSON.stringify(event)}\n\n`);
        const unlisten = this.listen(send);
        const keepAlive = setInterval(() => write(': still here\n\n'), KEEP_ALIVE_MS);
        stop = () => {
          unlisten();
          clearInterval(keepAlive);
        };
        signal.addEventListener('abort', stop, { once: true });
        send(first);
      },
      cancel: () => stop(),
    });
    return new Response(body, {
      headers: {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      },
    });
  }
}
