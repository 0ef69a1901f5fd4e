import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { EarmarkError } from '../../shared/errors.ts';
import { temporaryFolder } from '../testing/folders.ts';
import { readJsonFile } from './json-file.ts';

const folder = temporaryFolder();
const limits = {
  atMost: 12,
  tooLarge: (bytes: number) => new EarmarkError('test/large', `${bytes} bytes`),
  notJson: (why: string) => new EarmarkError('test/json', why),
};

function readText(text: string): unknown {
  const path = join(folder, 'model.json');
  writeFileSync(path, text);
  return readJsonFile(path, limits);
}

it('a JSON file is read up to the bytes that it may have, and no further', () => {
  expect(readText('[1234567890]')).toEqual([1234567890]);
  expect(() => readText('[12345678901]')).toThrow(
    expect.objectContaining({ code: 'test/large', message: '13 bytes' }),
  );
});

it('half a JSON file and none are told apart', () => {
  expect(() => readText('{"a":')).toThrow(
    expect.objectContaining({ code: 'test/json', message: expect.stringContaining('JSON') }),
  );
  expect(() => readJsonFile(join(folder, 'none.json'), limits)).toThrow(
    expect.objectContaining({ code: 'model/missing', message: expect.stringContaining('ENOENT') }),
  );
});
