// Byte ranges of a resource in memory (RFC 9110, section 14): one range; several or malformed ones get the whole.

/** A response for `bytes` that honours the request's Range header: 200, 206 or 416. */
export function respondWithRange(
  bytes: Uint8Array,
  contentType: string,
  range: string | null,
  extra: Record<string, string> = {},
): Response {
  const headers = new Headers(extra);
  headers.set('content-type', contentType);
  headers.set('accept-ranges', 'bytes');
  const match = range === null ? null : /^bytes=(\d*)-(\d*)$/.exec(range.trim());
  const [, first = '', last = ''] = match ?? [];
  const isBackwards = first !== '' && last !== '' && Number(last) < Number(first);
  if (!match || isBackwards || (first === '' && last === '')) {
    headers.set('content-length', String(bytes.byteLength));
    return new Response(bytes as Uint8Array<ArrayBuffer>, { status: 200, headers });
  }
  const size = bytes.byteLength;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (start >= size || start > end) {
    headers.set('content-range', `bytes */${size}`);
    return new Response(null, { status: 416, headers });
  }
  headers.set('content-range', `bytes ${start}-${end}/${size}`);
  headers.set('content-length', String(end - start + 1));
  return new Response(bytes.subarray(start, end + 1) as Uint8Array<ArrayBuffer>, { status: 206, headers });
}
