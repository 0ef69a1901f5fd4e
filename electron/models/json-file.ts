// Reads the JSON files of models: none so large that it would fill the memory.
import { readFileSync, statSync } from 'node:fs';
import { EarmarkError } from '../../shared/errors.ts';

/**
 * @param atMost Bytes; `tooLarge` makes the error for a larger file, `notJson` that for one that cannot be parsed.
 * @throws EarmarkError `model/missing` when it cannot be opened, else what these two make.
 */
export function readJsonFile(
  path: string,
  limits: {
    readonly atMost: number;
    readonly tooLarge: (bytes: number) => EarmarkError;
    readonly notJson: (why: string) => EarmarkError;
  },
): unknown {
  const { size, text } = readAtMost(path, limits.atMost);
  if (text === null) throw limits.tooLarge(size);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw limits.notJson(messageOf(error));
  }
}

function readAtMost(path: string, bytes: number): { readonly size: number; readonly text: string | null } {
  try {
    const { size } = statSync(path);
    return { size, text: size > bytes ? null : readFileSync(path, 'utf8') };
  } catch (error) {
    throw new EarmarkError(
      'model/missing',
      `${path} could not be opened (${messageOf(error)}). No model was loaded.`,
      { path },
    );
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
