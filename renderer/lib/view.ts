// What a view hands to the registry in app/views.ts.
import type { ComponentType } from 'react';
import type { IconName } from '../ui/icons.tsx';

export interface ViewDefinition {
  /** Also its address: `#/clips`. */
  readonly id: string;
  readonly title: string;
  readonly icon: IconName;
  /** Fills the middle. It owns its scrolling; its root should be `<section className="view">`. */
  readonly Component: ComponentType;
  /** The letter after G. */
  readonly goKey?: string;
  /** Shown without an open project (welcome, import). Not in the rail. */
  readonly isWithoutProject?: boolean;
  /** Reachable by commands, not in the rail. */
  readonly isHidden?: boolean;
  /** The filter bar above it; true unless said. */
  readonly hasFilterBar?: boolean;
  /** The inspector beside it; true unless said. */
  readonly hasInspector?: boolean;
  /** Small toggles at the start of the filter bar. */
  readonly Tools?: ComponentType;
  /** A number beside its name in the rail, such as open flags. Called as a hook. */
  readonly useBadge?: () => number | null;
}
