// The headers of every answer to a window or a browser: nothing remote, nothing embedded, nothing guessed.

const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  // Inline style attributes position rows of virtual lists and drawn regions; scripts stay strict.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-src 'none'",
  "frame-ancestors 'none'",
].join('; ');

const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  // The microphone for this origin alone: words are recorded in the window. The browser still asks the person.
  'permissions-policy':
    'camera=(), microphone=(self), geolocation=(), display-capture=(), usb=(), serial=(), hid=()',
};

/** The same response with the security headers set, whatever it said before. */
export function withSecurityHeaders(response: Response): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(securityHeaders)) headers.set(name, value);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
