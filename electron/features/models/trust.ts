// Which model files a person has said may be loaded, by their content. Kept with the user, never with a project: a
// project comes from anywhere. What a command line names is trusted for that command and written nowhere.
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { EarmarkError } from '../../../shared/errors.ts';
import type { Studio } from '../context.ts';

const trustedModels = z.object({
  models: z.record(z.string(), z.object({ name: z.string(), at: z.string(), path: z.string().optional() })),
});
type TrustedModels = z.infer<typeof trustedModels>;

const fileOf = (studio: Studio): string => join(studio.userFolder, 'trusted-models.json');

function readTrusted(studio: Studio): TrustedModels {
  try {
    return trustedModels.parse(JSON.parse(readFileSync(fileOf(studio), 'utf8')));
  } catch {
    // Not there, or not ours: then nothing is trusted, which asks again.
    return { models: {} };
  }
}

/** SHA-256 of a file's bytes, hexadecimal. @throws EarmarkError `model/missing`. */
export async function hashOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash).catch(() => {
    throw new EarmarkError('model/missing', `${basename(path)} cannot be read. Is it still there?`);
  });
  return hash.digest('hex');
}

/** As long as the studio runs. */
const namedHashes = new WeakMap<Studio, Set<string>>();

export function isTrusted(studio: Studio, hash: string): boolean {
  return namedHashes.get(studio)?.has(hash) === true || Object.hasOwn(readTrusted(studio).models, hash);
}

/** For this studio, until it ends. */
export function trustNamed(studio: Studio, hash: string): void {
  const hashes = namedHashes.get(studio) ?? new Set<string>();
  namedHashes.set(studio, hashes.add(hash));
}

/** Where the description with this hash lay when it was trusted; null when that is not known, or nothing lies there. */
export function trustedPath(studio: Studio, hash: string): string | null {
  const path = readTrusted(studio).models[hash]?.path;
  return path !== undefined && existsSync(path) ? path : null;
}

/** @param path Of the description, as it is found again later. */
export async function trustHashes(studio: Studio, hashes: readonly string[], path: string): Promise<void> {
  const { models } = readTrusted(studio);
  const at = new Date().toISOString();
  for (const hash of hashes) models[hash] = { name: basename(path), at: models[hash]?.at ?? at, path };
  await mkdir(studio.userFolder, { recursive: true });
  const file = fileOf(studio);
  const fresh = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(fresh, `${JSON.stringify({ models }, null, 2)}\n`);
  await rename(fresh, file);
}
