import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileTree } from './file-tree.test-util.ts';
import { decodeText, readTextFile, readTextHead, textLines } from './text-file.ts';

function utf16(text: string, isBigEndian: boolean, hasMark: boolean): Uint8Array {
  const bytes = Buffer.from((hasMark ? '\ufeff' : '') + text, 'utf16le');
  return isBigEndian ? bytes.swap16() : bytes;
}

describe('text files of unknown origin', () => {
  it('reads the same text from UTF-8 with and without mark and UTF-16 of both orders', () => {
    const text = 'path,label\nclips/ا.wav,سلام 😀\n';
    for (const bytes of [
      Buffer.from(text),
      Buffer.from(`\ufeff${text}`),
      utf16(text, false, true),
      utf16(text, true, true),
      utf16(text, false, false),
      utf16(text, true, false),
    ]) {
      expect(decodeText(bytes, 'a.csv')).toBe(text);
    }
  });

  it('names byte and line of the first invalid byte instead of guessing a code page', () => {
    const bytes = Buffer.concat([
      Buffer.from('path\né\n'),
      Buffer.from([0x63, 0xe9, 0x2c]),
      Buffer.from('x\n'),
    ]);
    expect(() => decodeText(bytes, '/data/a.csv')).toThrow(
      expect.objectContaining({
        code: 'text/encoding',
        message: expect.stringContaining('byte 9 (line 3)'),
        details: expect.objectContaining({ byte: 9, line: 3 }),
      }),
    );
  });

  it('names the invalid byte also far into a large file and at its very end', async () => {
    const good = 'ß'.repeat(400_000);
    const root = await fileTree({
      'far.txt': Buffer.concat([Buffer.from(good), Buffer.from([0xff]), Buffer.from(good)]),
      'end.txt': Buffer.concat([Buffer.from(good), Buffer.from([0xc3])]),
    });
    await expect(readTextFile(join(root, 'far.txt'))).rejects.toMatchObject({ details: { byte: 800_000 } });
    await expect(readTextFile(join(root, 'end.txt'))).rejects.toMatchObject({ details: { byte: 800_000 } });
  });

  it('refuses a file that is no text', async () => {
    const root = await fileTree({ 'a.csv': Buffer.from('RIFF\0\0\0\0WAVEfmt \0\0\0') });
    await expect(readTextFile(join(root, 'a.csv'))).rejects.toMatchObject({ code: 'text/binary' });
  });

  it('says that a file is missing, or a folder', async () => {
    const root = await fileTree({ 'folder/': '' });
    await expect(readTextFile(join(root, 'nothing.csv'))).rejects.toMatchObject({
      code: 'file/unreadable',
      message: 'There is no file nothing.csv.',
    });
    await expect(readTextHead(join(root, 'folder'))).rejects.toMatchObject({ code: 'file/unreadable' });
  });

  it('never cuts a character where the file is read in pieces', async () => {
    const text = `${'a'.repeat(256 * 1024 - 1)}😀${'é'.repeat(300_000)}`;
    const root = await fileTree({ 'a.txt': text, 'b.txt': utf16(text, true, true) });
    expect(await readTextFile(join(root, 'a.txt'))).toBe(text);
    expect(await readTextFile(join(root, 'b.txt'))).toBe(text);
    expect(text.startsWith(await readTextHead(join(root, 'a.txt'), 256 * 1024 + 1))).toBe(true);
  });

  it('names a line that is too long for any table instead of filling the memory with it', async () => {
    const root = await fileTree({ 'a.jsonl': `{}\n{"x":"${'x'.repeat(2 ** 24)}` });
    const reading = async () => {
      for await (const { lines } of textLines(join(root, 'a.jsonl'))) expect(lines).toEqual(['{}']);
    };
    await expect(reading()).rejects.toMatchObject({ code: 'text/long-line', details: { line: 2 } });
  });

  it('gives back every line with its number, whatever ends it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[\r\n\0]|^\ufeff/g, '_'))),
        fc.constantFrom('\n', '\r\n'),
        async (lines, end) => {
          const root = await fileTree({ 'a.txt': `head${end}${lines.map((line) => line + end).join('')}` });
          const found: string[] = [];
          for await (const batch of textLines(join(root, 'a.txt'))) {
            expect(batch.firstLine).toBe(found.length + 1);
            found.push(...batch.lines);
          }
          expect(found).toEqual(['head', ...lines]);
        },
      ),
      { numRuns: 40 },
    );
  });
});
