// What a page may ask of the host, and what it may not.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStudioHandler, type Handler } from './studio-handler.ts';
import { fixtureInterface } from './testing/fixture-studio.ts';

let handle: Handler;
let removeInterface: () => void;
let forwarded: string[] = [];

beforeAll(() => {
  const { rendererFolder, remove } = fixtureInterface();
  removeInterface = remove;
  handle = createStudioHandler({
    rendererFolder,
    forward: async (request) => {
      forwarded.push(`${request.method} ${new URL(request.url).pathname}`);
      return new Response('engine', { headers: { 'content-security-policy': 'default-src *' } });
    },
    events: () => new Response('', { headers: { 'content-type': 'text/event-stream' } }),
  });
});
afterAll(() => removeInterface());

const get = (path: string, init: RequestInit = {}): Promise<Response> =>
  handle(new Request(`http://studio${path}`, init));

describe('the interface', () => {
  it('is served with a strict policy', async () => {
    const page = await get('/');
    expect(await page.text()).toContain('<title>Earmark</title>');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = page.headers.get('content-security-policy') ?? '';
    for (const rule of [
      "default-src 'self'",
      "script-src 'self'",
      "object-src 'none'",
      "frame-ancestors 'none'",
    ]) {
      expect(policy).toContain(rule);
    }
    expect(policy).not.toContain('unsafe-eval');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('keeps files whose name has a hash, asks again for the page', async () => {
    expect((await get('/assets/main-1a2b3c.js')).headers.get('cache-control')).toContain('immutable');
    expect((await get('/')).headers.get('cache-control')).toBe('no-cache');
  });

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '/link.txt',
    '/.hidden.txt',
    '/%00.txt',
    '/%E0%A4%A',
    '/C:/secret.txt',
    '/assets',
    '/nothing.js',
  ])('has nothing at %s', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain('not for you');
  });

  it('that was never built is a page in words, not an empty window', async () => {
    const broken = createStudioHandler({
      rendererFolder: '/nowhere',
      forward: async () => new Response(),
      events: () => new Response(),
    });
    const page = await broken(new Request('http://studio/'));
    expect(page.status).toBe(503);
    expect(await page.text()).toContain('npm start');
  });
});

describe('the engine behind the host', () => {
  const own = { method: 'POST', headers: { 'x-earmark': '1' } };

  it('gets calls, media and arrays, and its answers get the host’s policy', async () => {
    forwarded = [];
    const answer = await get('/rpc/clips/page', own);
    await get('/media/audio/1.wav?v=2');
    await get('/arrays/clip-ids', own);
    expect(forwarded).toEqual(['POST /rpc/clips/page', 'GET /media/audio/1.wav', 'POST /arrays/clip-ids']);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'");
  });

  it.each([
    ['/internal/open', 403],
    ['/internal', 403],
    ['/%69nternal/open', 404],
    ['/media/..%2finternal/open', 404],
    ['/media/../internal/open', 403],
    ['/rpc/../internal/grant', 403],
    ['//internal/open', 404],
  ])('never gets %s', async (path, status) => {
    forwarded = [];
    // A GET too: the refusal does not depend on the method.
    expect((await get(path)).status).toBe(status);
    expect([403, 404, 405]).toContain((await get(path, own)).status);
    expect(forwarded).toEqual([]);
  });

  it('never gets a change without the studio’s own header', async () => {
    forwarded = [];
    const answer = await get('/rpc/decisions/undo', { method: 'POST' });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: 'http/foreign-request' });
    expect((await get('/media/thumbnails', { method: 'POST' })).status).toBe(403);
    expect(forwarded).toEqual([]);
  });

  it.each([
    ['GET', '/rpc/decisions/undo'],
    ['PUT', '/rpc/x'],
    ['DELETE', '/media/audio/1.wav'],
    ['POST', '/'],
    ['OPTIONS', '/rpc/x'],
  ])('never gets %s %s', async (method, path) => {
    forwarded = [];
    const answer = await get(path, { method, headers: { 'x-earmark': '1' } });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).not.toBe(null);
    expect(forwarded).toEqual([]);
  });
});
