// The primitives: no product words, no calls, only looks and behaviour.
export { Button, type ButtonProps, IconButton, IconToggle, KeyHint, WithTooltip } from './Button.tsx';
export { NumberField, type Option, SegmentedControl, Select, TextField, Toggle } from './fields.tsx';
export type { GridColumn, GridSort } from './grid-column.ts';
export { Icon, type IconName } from './icons.tsx';
export { Dialog, Menu, type MenuEntry, type MenuGroup } from './overlays.tsx';
export { Splitter } from './Splitter.tsx';
export {
  Bar,
  Chip,
  EmptyState,
  ErrorNotice,
  ProgressBar,
  Spinner,
  type Tone,
} from './status.tsx';
export {
  type GridMove,
  VirtualGrid,
  type VirtualGridHandle,
} from './VirtualGrid.tsx';
