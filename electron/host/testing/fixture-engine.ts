// A real engine process for tests of the host: speaks the host's messages and HTTP, and misbehaves when asked.
// `dataFolder` of the start message names what it does wrong at start: crash | never-ready | fail | ignore-shutdown.
import { createServer } from 'node:http';
import { parentChannel } from '../../ipc/channel.ts';
import { type EngineToHost, type HostToEngine, SECRET_HEADER } from '../../ipc/messages.ts';

const channel = parentChannel();
const say = (message: EngineToHost): void => channel.send(message);
const workerWaiters: ((answer: unknown) => void)[] = [];
let mode = '';
let aborted = 0;

const answerWorkers = (answer: unknown): void => {
  for (const waiter of workerWaiters.splice(0)) waiter(answer);
};

function start(message: Extract<HostToEngine, { type: 'start' }>): void {
  mode = message.dataFolder;
  if (mode === 'crash') process.exit(7);
  if (mode === 'never-ready') return;
  if (mode === 'fail') {
    say({
      type: 'failed',
      error: { code: 'engine/no-folder', message: 'The data folder cannot be written.' },
    });
    return;
  }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const reply = (value: unknown): void => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
    };
    switch (request.url?.split('?')[0]) {
      case '/rpc/echo':
        reply({
          body,
          query: request.url,
          pid: process.pid,
          cookie: request.headers.cookie ?? null,
          isSecretRight: request.headers[SECRET_HEADER] === message.secret,
        });
        break;
      case '/rpc/crash':
        process.exit(7);
        break;
      case '/rpc/hang':
        response.on('close', () => aborted++);
        break;
      case '/rpc/aborted':
        reply({ aborted });
        break;
      case '/rpc/worker':
        workerWaiters.push(reply);
        say({ type: 'helper-message', which: 'worker', message: JSON.parse(body) });
        break;
      case '/rpc/analysis':
        workerWaiters.push(reply);
        say({ type: 'helper-message', which: 'analysis', message: JSON.parse(body) });
        break;
      case '/rpc/kill-worker':
        workerWaiters.push(reply);
        say({ type: 'kill-helper', which: 'worker' });
        break;
      case '/media/half':
        // Promises more than it sends, then dies.
        response.writeHead(200, { 'content-length': '1000' });
        response.write('0123456789', () => setTimeout(() => process.exit(7), 20));
        break;
      case '/media/audio/1.wav': {
        const bytes = Buffer.from('0123456789');
        const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
        if (from === undefined || to === undefined) {
          response.end(bytes);
        } else {
          response.writeHead(206, { 'content-range': `bytes ${from}-${to}/10` });
          response.end(bytes.subarray(Number(from), Number(to) + 1));
        }
        break;
      }
      case '/internal/open': {
        const { path } = JSON.parse(body) as { path: string };
        if (path.endsWith('.earmark')) reply({ opened: path });
        else {
          response.statusCode = 404;
          reply({ code: 'project/missing', message: `${path}: there is no such file.` });
        }
        break;
      }
      case '/internal/grant':
        reply({ handle: 'h1', name: (JSON.parse(body) as { path: string }).path.split('/').at(-1) });
        break;
      case '/internal/path':
        reply({ path: `/data/clip-${(JSON.parse(body) as { clipId: number }).clipId}.wav` });
        break;
      case '/events':
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(
          `data: ${JSON.stringify({ type: 'revision', project: 'p', revision: process.pid })}\n\n`,
        );
        break;
      default:
        response.statusCode = 404;
        reply({ code: 'http/no-such-page', message: 'nothing here' });
    }
  });
  server.listen(message.socketPath, () => say({ type: 'ready', socketPath: message.socketPath }));
}

channel.onMessage((raw) => {
  const message = raw as HostToEngine;
  if (message.type === 'start') start(message);
  else if (message.type === 'helper-message') answerWorkers(message.message);
  else if (message.type === 'helper-state' && message.state === 'down')
    answerWorkers({ lost: message.reason });
  else if (message.type === 'shutdown' && mode !== 'ignore-shutdown') process.exit(0);
});
