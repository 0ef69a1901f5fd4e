// `earmark serve` over real HTTP on loopback: who gets in, and who does not.
import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { fixtureChildren, fixtureInterface } from '../host/testing/fixture-studio.ts';
import { type RunningServer, startServe } from './serve.ts';

// Real processes start as fast as the machine lets them.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const { rendererFolder, remove } = fixtureInterface();
const notices: string[] = [];
const quiet = {
  rendererFolder,
  dataFolder: `${rendererFolder}-data`,
  spawnChild: fixtureChildren,
  notice: (sentence: string) => void notices.push(sentence),
};

let server: RunningServer;
let cookie = '';

/** node:http, because fetch sets Host and Origin itself. */
function ask(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  body = '',
  to = server,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { host: '127.0.0.1', port: to.port, path, method, headers, agent: false },
      (incoming) => {
        let text = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk: string) => {
          text += chunk;
        });
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

beforeAll(async () => {
  server = await startServe(quiet);
});
afterAll(async () => {
  await server.close();
  remove();
});

describe('getting in', () => {
  it('is refused without the printed address, in words', async () => {
    const page = await ask('/', { accept: 'text/html' });
    expect(page.status).toBe(403);
    expect(page.body).toContain('printed');
    expect((await ask('/rpc/echo', { 'x-earmark': '1' }, 'POST')).status).toBe(403);
    expect((await ask('/events')).status).toBe(403);
    expect((await ask('/media/audio/1.wav')).status).toBe(403);
  });

  it('is refused with a wrong token', async () => {
    const answer = await ask('/?token=wrong');
    expect(answer.status).toBe(403);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('works once with the printed address, which then leads to a clean one', async () => {
    const printed = new URL(server.url);
    expect(printed.hostname).toBe('127.0.0.1');
    const answer = await ask(printed.pathname + printed.search);
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe('/');
    const set = answer.headers['set-cookie']?.[0] ?? '';
    expect(set).toContain('HttpOnly');
    expect(set).toContain('SameSite=Strict');
    cookie = set.split(';')[0] ?? '';
    const page = await ask('/', { cookie });
    expect(page.status).toBe(200);
    expect(page.body).toContain('Earmark');
    expect(page.headers['content-security-policy']).toContain("default-src 'self'");
  });

  it('is refused to a second browser with the same address, but reloading it in the first works', async () => {
    const { pathname, search } = new URL(server.url);
    const second = await ask(pathname + search, { accept: 'text/html' });
    expect(second.status).toBe(403);
    expect(second.body).toContain('already used');
    expect((await ask(pathname + search, { cookie })).status).toBe(303);
  });

  it('is refused with a made-up cookie', async () => {
    expect((await ask('/', { cookie: `${cookie.split('=')[0]}=aaaa` })).status).toBe(403);
  });
});

describe('requests from elsewhere', () => {
  it.each([
    'evil.example',
    `evil.example:1234`,
    'localhost.evil.example',
    '10.1.2.3',
    '[::',
    '127.0.0.1@evil.example',
  ])('are refused under the name "%s", even with the cookie', async (host) => {
    const answer = await ask('/', { host, cookie });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body).not.toContain('<title>Earmark</title>');
  });

  it('are let in under every name of this machine', async () => {
    for (const host of ['localhost:9999', `127.0.0.1:${server.port}`, '[::1]:8080']) {
      expect((await ask('/', { host, cookie })).status).toBe(200);
    }
  });

  it('are refused when a page of another site makes them', async () => {
    const post = (headers: Record<string, string>): Promise<Answer> =>
      ask('/rpc/echo', { cookie, 'x-earmark': '1', ...headers }, 'POST', '{}');
    expect((await post({ origin: 'http://evil.example' })).status).toBe(403);
    expect((await post({ origin: 'null' })).status).toBe(403);
    expect((await post({ origin: `https://127.0.0.1:${server.port}` })).status).toBe(403);
    expect((await post({ origin: `http://127.0.0.1:${server.port + 1}` })).status).toBe(403);
    expect((await post({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await post({ origin: `http://127.0.0.1:${server.port}` })).status).toBe(200);
    expect((await ask('/media/audio/1.wav', { cookie, 'sec-fetch-site': 'same-site' })).status).toBe(403);
  });

  it('are refused without the studio’s own header', async () => {
    const answer = await ask('/rpc/echo', { cookie }, 'POST', '{}');
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'http/foreign-request' });
  });
});

describe('with the cookie', () => {
  it('calls reach the engine with the host’s secret, without the cookie', async () => {
    const answer = await ask(
      '/rpc/echo?a=b',
      { cookie, 'x-earmark': '1', 'x-earmark-secret': 'forged' },
      'POST',
      'hello',
    );
    expect(JSON.parse(answer.body)).toMatchObject({
      body: 'hello',
      query: '/rpc/echo?a=b',
      isSecretRight: true,
      cookie: null,
    });
  });

  it('sound can be asked for by byte range', async () => {
    const answer = await ask('/media/audio/1.wav', { cookie, range: 'bytes=2-5' });
    expect(answer.status).toBe(206);
    expect(answer.headers['content-range']).toBe('bytes 2-5/10');
    expect(answer.body).toBe('2345');
  });

  it('nothing beside the interface can be read, and nothing of the host’s own', async () => {
    for (const path of [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/link.txt',
      '//etc/passwd',
    ]) {
      const answer = await ask(path, { cookie });
      expect(answer.status).toBe(404);
      expect(answer.body).not.toContain('not for you');
    }
    expect((await ask('/internal/open', { cookie, 'x-earmark': '1' }, 'POST', '{"path":"/"}')).status).toBe(
      403,
    );
  });
});

describe('starting', () => {
  it('on a port in use says so and starts nothing', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    let spawned = 0;
    const starting = startServe({
      ...quiet,
      port,
      spawnChild: (kind) => {
        spawned++;
        return fixtureChildren(kind);
      },
    });
    await expect(starting).rejects.toMatchObject({ code: 'serve/port-in-use' });
    await expect(starting).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use by another program`);
    expect(spawned).toBe(0);
    other.close();
  });

  it('on an address that is not this machine’s says so', async () => {
    await expect(startServe({ ...quiet, host: '192.0.2.1' })).rejects.toMatchObject({
      code: 'serve/host-unknown',
    });
  });

  it('for other machines warns', async () => {
    notices.length = 0;
    const open = await startServe({ ...quiet, host: '0.0.0.0' });
    expect(notices.join(' ')).toContain('can be reached from other machines');
    expect((await ask('/', { host: 'evil.example' }, 'GET', '', open)).body).toContain('not its own');
    await open.close();
  });

  it('opens the project that was named, and says what is wrong with one that cannot be opened', async () => {
    const good = await startServe({ ...quiet, projectOrFolder: 'words.earmark' });
    await expect(good.opened).resolves.toBeUndefined();
    await good.close();
    const bad = await startServe({ ...quiet, projectOrFolder: 'words.txt' });
    await expect(bad.opened).rejects.toMatchObject({ code: 'project/missing' });
    await bad.close();
  });

  it('stops whole: the port is free again and the processes are gone', async () => {
    const first = await startServe(quiet);
    const pid = first.studio.supervisor.pid('engine') as number;
    await first.close();
    expect(() => process.kill(pid, 0)).toThrow();
    const second = await startServe({ ...quiet, port: first.port });
    expect(second.port).toBe(first.port);
    await second.close();
  });
});
