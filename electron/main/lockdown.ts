// What windows may not do: ask for permissions, navigate, open windows, embed pages, reach the network. Everything is
// refused by default; what is allowed is named here.
import { app, type Session, type WebContents } from 'electron';
import { isOfStudio } from './scheme.ts';

/** Copying a table as text. The microphone is allowed beside it (`isMicrophone`), nothing else. */
const allowedPermissions: ReadonlySet<string> = new Set(['clipboard-sanitized-write']);

/** Recording a word in the window. `media` is camera and microphone alike: only sound alone is meant. */
function isMicrophone(permission: string, kinds: readonly (string | undefined)[] | undefined): boolean {
  return permission === 'media' && kinds?.length === 1 && kinds[0] === 'audio';
}

/** `blob:` and `data:` hold what the page made itself; `devtools:` is there in a checkout only. */
const allowedSchemes: ReadonlySet<string> = new Set(['earmark:', 'blob:', 'data:', 'devtools:']);

export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer, details) => {
    const kinds = 'mediaTypes' in details ? details.mediaTypes : undefined;
    const isAllowed = allowedPermissions.has(permission) || isMicrophone(permission, kinds);
    answer(isAllowed && isOfStudio(contents.getURL()));
  });
  session.setPermissionCheckHandler(
    (_contents, permission, origin, details) =>
      (allowedPermissions.has(permission) || isMicrophone(permission, [details.mediaType])) &&
      isOfStudio(origin),
  );
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}));
  session.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !isAllowedAddress(details.url) });
  });
}

function isAllowedAddress(url: string): boolean {
  try {
    return allowedSchemes.has(new URL(url).protocol);
  } catch {
    return false;
  }
}

/** Applies to every page that will ever be made, whoever makes it. */
export function lockContents(): void {
  app.on('web-contents-created', (_event, contents) => lock(contents));
}

function lock(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    // A reload is a navigation to the page itself.
    if (!isOfStudio(event.url) || !event.isMainFrame) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
