// Numbers as the studio shows them: counts grouped, shares with one decimal, durations as 0.98 s or 1:02:03.
// Nothing here is for export, which is independent of the locale.

export const MISSING = '\u2013';

const counts = new Intl.NumberFormat('en');

/** 1234 -> `1,234`. */
export function count(n: number): string {
  return counts.format(n);
}

/** `1 clip`, `1,234 clips`. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** A share 0..1 as `91.3%`; null -> a dash. */
export function percent(share: number | null | undefined): string {
  return share === null || share === undefined || Number.isNaN(share)
    ? MISSING
    : `${(share * 100).toFixed(1)}%`;
}

/** An interval of shares as `90.2–92.2`, in percent. */
export function percentInterval(interval: readonly [number, number] | null | undefined): string {
  return interval ? `${(interval[0] * 100).toFixed(1)}–${(interval[1] * 100).toFixed(1)}` : '';
}

/** `91.3% (90.2–92.2)`. */
export function percentWithInterval(
  share: number | null | undefined,
  interval: readonly [number, number] | null | undefined,
): string {
  return interval ? `${percent(share)} (${percentInterval(interval)})` : percent(share);
}

/** A probability 0..1 with two decimals; very small ones as `<0.01`, never a false 0.00 or 1.00. */
export function probability(p: number | null | undefined): string {
  if (p === null || p === undefined || Number.isNaN(p)) return MISSING;
  if (p > 0 && p < 0.005) return '<0.01';
  if (p < 1 && p >= 0.995) return '>0.99';
  return p.toFixed(2);
}

function twoDigits(n: number): string {
  return String(n).padStart(2, '0');
}

/** Seconds as `0.98 s` below a minute, `2:05` below an hour, else `1:02:03`. */
export function duration(sec: number | null | undefined): string {
  if (sec === null || sec === undefined || !Number.isFinite(sec)) return MISSING;
  if (sec < 59.995) return `${sec.toFixed(2)} s`;
  const whole = Math.round(sec);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const seconds = twoDigits(whole % 60);
  return hours > 0 ? `${hours}:${twoDigits(minutes)}:${seconds}` : `${minutes}:${seconds}`;
}

/** A position in a clip, of a fixed number of digits: `0.984` or `1:02.984`, so that nothing jumps while it runs. */
export function position(sec: number): string {
  const milliseconds = Math.max(0, Math.round(sec * 1000));
  const minutes = Math.floor(milliseconds / 60_000);
  const rest = (milliseconds % 60_000) / 1000;
  return minutes > 0 ? `${minutes}:${rest.toFixed(3).padStart(6, '0')}` : rest.toFixed(3);
}

/** Hours of audio as `0.36 h`. */
export function hours(h: number): string {
  return `${h < 100 ? h.toFixed(2) : counts.format(Math.round(h))} h`;
}

/** A remaining time for people: `~18 min`. */
export function eta(sec: number | null | undefined): string {
  if (sec === null || sec === undefined || !Number.isFinite(sec)) return '';
  if (sec < 1.5) return '~1 s';
  if (sec < 90) return `~${Math.round(sec)} s`;
  if (sec < 5400) return `~${Math.round(sec / 60)} min`;
  return `~${(sec / 3600).toFixed(1)} h`;
}

/** dBFS with one decimal; null is digital silence. */
export function decibels(db: number | null | undefined): string {
  return db === null ? '-∞ dB' : db === undefined ? MISSING : `${db.toFixed(1).replace('-', '−')} dB`;
}

/** 15.9 kB; decimal units. */
export function bytes(n: number | null | undefined): string {
  if (n === null || n === undefined) return MISSING;
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = n;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

/** A date and time by the reader's locale. */
export function when(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime())
    ? MISSING
    : date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

/** The file name of a clip's path, and the folder before it with its slash. */
export function splitPath(path: string): { folder: string; name: string } {
  const at = path.lastIndexOf('/');
  return { folder: path.slice(0, at + 1), name: path.slice(at + 1) };
}
