// Key caps of a shortcut; presses one after the other are joined by "then".
import { Fragment } from 'react';

export function KeyCaps({ caps }: { readonly caps: readonly (readonly string[])[] }) {
  return (
    <span className="key-caps">
      {caps.map((press, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the presses of one shortcut never move
        <Fragment key={index}>
          {index > 0 && <span className="small">then</span>}
          {press.map((cap) => (
            <kbd key={cap} className="key-hint">
              {cap}
            </kbd>
          ))}
        </Fragment>
      ))}
    </span>
  );
}
