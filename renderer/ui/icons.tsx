// Line icons on a 16 px grid, stroke 1.5, drawn for this studio. Always beside a word or in a button with a tooltip.

const paths = {
  play: 'M4.5 2.8v10.4L13 8z',
  pause: 'M5 3v10M11 3v10',
  stop: 'M4 4h8v8H4z',
  loop: 'M3 8.5V7a3 3 0 0 1 3-3h7m-2-2 2 2-2 2M13 7.5V9a3 3 0 0 1-3 3H3m2 2-2-2 2-2',
  next: 'M4 3.5v9l6-4.5zM12.5 3.5v9',
  previous: 'M12 3.5v9L6 8zM3.5 3.5v9',
  volume: 'M2.5 6v4h2.5l3.5 3V3L5 6zM11 5.5a3.5 3.5 0 0 1 0 5M12.8 3.5a6.3 6.3 0 0 1 0 9',
  overview: 'M2.5 13.5v-5M6.2 13.5v-11M9.8 13.5v-7M13.5 13.5v-4',
  clips: 'M2.5 4h11M2.5 8h11M2.5 12h11',
  flag: 'M4 14V2.5h8.5L10 5.8l2.5 3.2H4',
  review: 'M2.5 8.5 6 12l7.5-8',
  grid: 'M2.5 2.5h11v11h-11zM2.5 6.2h11M2.5 9.8h11M6.2 2.5v11M9.8 2.5v11',
  classes: 'M2.5 3.5h9M2.5 6.5h6M2.5 9.5h11M2.5 12.5h4',
  map: 'M4 5.5h.01M6.5 3.5h.01M5.5 7.5h.01M11 10.5h.01M12.5 8h.01M9.5 12.5h.01M12.5 12.5h.01M10 5h.01M4.5 12h.01',
  move: 'M8 2v12M2 8h12M6.2 3.8 8 2l1.8 1.8M6.2 12.2 8 14l1.8-1.8M3.8 6.2 2 8l1.8 1.8M12.2 6.2 14 8l-1.8 1.8',
  lasso:
    'M8 2.5c3.3 0 5.8 1.7 5.8 3.9S11.3 10.3 8 10.3 2.2 8.6 2.2 6.4 4.7 2.5 8 2.5zM5.2 10c-1.2.9-1 2.4.3 2.4 1 0 1.3-1.3.4-2.3M5.7 12.3c0 1.2.8 1.5 1.6 1.2',
  box: 'M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3M7.2 2.5h1.6M7.2 13.5h1.6M2.5 7.2v1.6M13.5 7.2v1.6',
  history: 'M8 4.5V8l2.5 1.8M3 5a5.8 5.8 0 1 1-.7 4M2.5 2.5V5H5',
  export: 'M8 10V2.5M5 5.2l3-2.7 3 2.7M3 9.5v4h10v-4',
  import: 'M8 2.5V10M5 7.3 8 10l3-2.7M3 9.5v4h10v-4',
  folder: 'M2 4.2v8.3h12V5.5H8L6.5 3.5H2.6z',
  file: 'M4 2h5l3 3v9H4zM9 2v3h3',
  project: 'M3 2.5h10v11H3zM5.5 6v4M8 4.5v7M10.5 6.5v3',
  table: 'M2.5 3h11v10h-11zM2.5 6.3h11M6.5 6.3V13',
  search: 'M7 2.8a4.2 4.2 0 1 1 0 8.4 4.2 4.2 0 0 1 0-8.4zM10.2 10.2l3.3 3.3',
  filter: 'M2.5 3.5h11l-4.2 5v4.2l-2.6-1.4V8.5z',
  close: 'M4 4l8 8M12 4l-8 8',
  check: 'M3 8.5 6.5 12 13 4.5',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  down: 'M4 6l4 4 4-4',
  up: 'M4 10l4-4 4 4',
  left: 'M10 4 6 8l4 4',
  right: 'M6 4l4 4-4 4',
  sortUp: 'M8 13V3.5M4.5 7 8 3.5 11.5 7',
  sortDown: 'M8 3v9.5M4.5 9 8 12.5 11.5 9',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  columns: 'M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10',
  undo: 'M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M5.8 3.5 3 6.5l2.8 3',
  redo: 'M13 6.5H6.5a3.5 3.5 0 0 0 0 7H10M10.2 3.5 13 6.5l-2.8 3',
  warning: 'M8 2.5 14.2 13.5H1.8zM8 6.5v3.2M8 11.6h.01',
  error: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM8 5v3.6M8 10.9h.01',
  info: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM8 7.4V11M8 5.1h.01',
  note: 'M3 2.5h10v8L10 13.5H3zM5.5 6h5M5.5 9h3',
  label: 'M2.5 2.5h5.2l6 6-5.2 5.2-6-6zM5.3 5.3h.01',
  unusable: 'M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2zM4 4l8 8',
  inspector: 'M2.5 3h11v10h-11zM9.5 3v10',
  facets: 'M2.5 3h11v10h-11zM6.5 3v10',
  rail: 'M3 4h2M3 8h2M3 12h2M7.5 4H13M7.5 8H13M7.5 12H13',
  keyboard: 'M1.8 4h12.4v8H1.8zM4.3 6.5h.01M6.8 6.5h.01M9.3 6.5h.01M11.8 6.5h.01M5 9.5h6',
  theme: 'M8 2.2a5.8 5.8 0 1 1 0 11.6zM8 2.2v11.6',
  zoomIn: 'M7 2.8a4.2 4.2 0 1 1 0 8.4 4.2 4.2 0 0 1 0-8.4zM10.2 10.2l3.3 3.3M7 5.2v3.6M5.2 7h3.6',
  zoomOut: 'M7 2.8a4.2 4.2 0 1 1 0 8.4 4.2 4.2 0 0 1 0-8.4zM10.2 10.2l3.3 3.3M5.2 7h3.6',
  height: 'M8 2.5v11M5.5 5 8 2.5 10.5 5M5.5 11 8 13.5l2.5-2.5',
  fit: 'M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3',
  home: 'M2.5 8 8 3l5.5 5M4 7v6.5h8V7',
  run: 'M2.5 12.5 6 8l2.5 2.5L13.5 4M10 4h3.5v3.5',
  settings: 'M3 4.5h6M12 4.5h1M9 3v3h3V3zM3 11.5h1M7 11.5h6M4 10v3h3v-3z',
  copy: 'M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1',
  person: 'M8 2.5a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6zM2.8 13.5a5.2 5.2 0 0 1 10.4 0',
  microphone:
    'M8 1.8a2 2 0 0 1 2 2v3.7a2 2 0 0 1-4 0V3.8a2 2 0 0 1 2-2zM3.8 7.3a4.2 4.2 0 0 0 8.4 0M8 11.5v2.7',
  job: 'M8 2.2A5.8 5.8 0 1 1 2.2 8M8 5v3h3',
} as const;

export type IconName = keyof typeof paths;

const filled: ReadonlySet<IconName> = new Set(['play', 'stop']);
const heavy: ReadonlySet<IconName> = new Set(['map', 'more']);

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill={filled.has(name) ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth={heavy.has(name) ? 2 : 1.4}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}
