// Which model files a person has said may be loaded, by their content. Kept with the user, never with a project: a
// project comes from anywhere.
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { EarmarkError } from '../../../shared/errors.ts';
import type { Studio } from '../context.ts';

const trustedModels = z.object({
  models: z.record(z.string(), z.object({ name: z.string(), at: z.string() })),
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

export function isTrusted(studio: Studio, hash: string): boolean {
  return Object.hasOwn(readTrusted(studio).models, hash);
}

export async function trustHashes(studio: Studio, hashes: readonly string[], name: string): Promise<void> {
  const { models } = readTrusted(studio);
  const at = new Date().toISOString();
  for (const hash of hashes) models[hash] ??= { name, at };
  await mkdir(studio.userFolder, { recursive: true });
  const file = fileOf(studio);
  await writeFile(`${file}.new`, `${JSON.stringify({ models }, null, 2)}\n`);
  await rename(`${file}.new`, file);
}
