// What a view says about itself: progress, emptiness, errors, chips and bars.
import { type ReactNode, useState } from 'react';
import { ProgressBar as AriaProgressBar } from 'react-aria-components';
import type { ErrorData } from '../../shared/errors.ts';
import { Button } from './Button.tsx';
import { Icon, type IconName } from './icons.tsx';

/** done of total; without a total it only says that something goes on. */
export function ProgressBar(props: {
  readonly label: string;
  readonly done: number;
  readonly total: number | null;
}) {
  const isKnown = props.total !== null && props.total > 0;
  const share = isKnown ? Math.min(1, props.done / (props.total as number)) : 0;
  return (
    <AriaProgressBar
      aria-label={props.label}
      className={`progress${isKnown ? '' : ' progress-open'}`}
      isIndeterminate={!isKnown}
      value={share * 100}
    >
      <span className="progress-done" style={isKnown ? { inlineSize: `${share * 100}%` } : {}} />
    </AriaProgressBar>
  );
}

/** An empty view: what it needs, and the button for it. */
export function EmptyState(props: {
  readonly icon?: IconName;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <div className="empty">
      {props.icon && <Icon name={props.icon} size={24} />}
      <h2>{props.title}</h2>
      {props.children && <div className="empty-text">{props.children}</div>}
      {props.actions && <div className="empty-actions">{props.actions}</div>}
    </div>
  );
}

/** What happened, what is unharmed, what to do; details folded, with a copy button. */
export function ErrorNotice(props: {
  readonly error: ErrorData;
  readonly onRetry?: () => void;
  readonly title?: string;
}) {
  const [isCopied, setIsCopied] = useState(false);
  const { error } = props;
  const details = JSON.stringify({ code: error.code, message: error.message, ...error.details }, null, 2);
  const copy = async () => {
    await navigator.clipboard.writeText(details);
    setIsCopied(true);
  };
  return (
    <div className="error-notice" role="alert">
      <Icon name="error" />
      <div>
        {props.title && <h2>{props.title}</h2>}
        <p>{error.message}</p>
        <div className="error-actions">
          {props.onRetry && (
            <Button isSmall onPress={props.onRetry}>
              Try again
            </Button>
          )}
          <details>
            <summary>Details</summary>
            <pre>{details}</pre>
            <Button isSmall icon="copy" onPress={() => void copy()}>
              {isCopied ? 'Copied' : 'Copy details'}
            </Button>
          </details>
        </div>
      </div>
    </div>
  );
}

export type Tone = 'plain' | 'accent' | 'wrong' | 'warn' | 'right';

/** A small word in a frame, such as a flag on a row. */
export function Chip(props: { readonly children: ReactNode; readonly tone?: Tone; readonly title?: string }) {
  return (
    <span className={`chip chip-${props.tone ?? 'plain'}`} title={props.title}>
      {props.children}
    </span>
  );
}

/** A horizontal bar of a share 0..1. Decoration beside a printed number. */
export function Bar(props: { readonly share: number; readonly tone?: Tone; readonly ofShare?: number }) {
  return (
    <span className={`bar bar-${props.tone ?? 'accent'}`} aria-hidden="true">
      {props.ofShare !== undefined && (
        <span className="bar-of" style={{ inlineSize: `${Math.min(1, props.ofShare) * 100}%` }} />
      )}
      <span className="bar-fill" style={{ inlineSize: `${Math.max(0, Math.min(1, props.share)) * 100}%` }} />
    </span>
  );
}

export function Spinner({ label }: { readonly label: string }) {
  return (
    <span className="spinner" role="status">
      {label}
    </span>
  );
}
