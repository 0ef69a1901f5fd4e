// Where tests find the reference recordings and golden outputs, which the project does not contain.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = process.env.EARMARK_SHARED ?? resolve(import.meta.dirname, '../../../shared');

/** False on machines without the reference data: tests that need it are skipped and say so. */
export const hasShared = existsSync(join(root, 'golden'));

/** Absolute path below the reference data's folder. */
export function sharedPath(...parts: readonly string[]): string {
  return join(root, ...parts);
}
