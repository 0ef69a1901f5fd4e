import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvRow, readDelimited, sniffDialect } from './delimited.ts';
import { fileTree } from './file-tree.test-util.ts';
import { firstRows, openTable } from './table-file.ts';

async function table(name: string, content: string | Uint8Array) {
  return openTable(join(await fileTree({ [name]: content }), name));
}

async function rowsOf(name: string, content: string | Uint8Array) {
  const opened = await table(name, content);
  const failures: { line?: number | undefined; code: string }[] = [];
  const rows: (readonly string[])[] = [];
  const lines: number[] = [];
  for await (const batch of opened.rows((failure) => failures.push(failure))) {
    for (const row of batch) {
      rows.push(row.values);
      lines.push(row.line);
    }
  }
  return { columns: opened.columns, rows, lines, failures };
}

describe('tables', () => {
  it('come back from CSV as they were written, whatever the cells hold', async () => {
    const cell = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', ''));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell, cell), { maxLength: 20 }),
        fc.constantFrom('', '\ufeff'),
        async (rows, mark) => {
          const kept = rows.map(([a, b, c]) => [`x${a}`, b, c]);
          const text = mark + [['one', 'two', 'three'], ...kept].map(csvRow).join('');
          expect((await rowsOf('a.csv', text)).rows).toEqual(kept);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('come back from a tab-separated file with literal quotes', async () => {
    const cell = fc
      .string({ unit: fc.constantFrom('a', '"', "'", ',', ' ', 'ش', '😀', ';') })
      .map((text) => `${text}.`);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 }), async (rows) => {
        const text = [['a', 'b'], ...rows].map((row) => row.join('\t')).join('\n');
        const path = join(await fileTree({ 'a.tsv': text }), 'a.tsv');
        const found: (readonly string[])[] = [];
        for await (const batch of readDelimited(path, { delimiter: '\t', quoting: 'literal' })) {
          found.push(...batch.map((row) => row.fields));
        }
        expect(found.slice(1)).toEqual(rows);
      }),
      { numRuns: 60 },
    );
  });

  it('know the line of each row, over empty lines and line ends in quotes', async () => {
    const { lines, rows } = await rowsOf('a.csv', 'a,b\r\n1,2\r\n\r\n"x\r\ny",3\r\n4,5\r\n');
    expect(rows).toEqual([
      ['1', '2'],
      ['x\r\ny', '3'],
      ['4', '5'],
    ]);
    expect(lines).toEqual([2, 4, 6]);
  });

  it('keep going after a row with too few or too many fields, and name its line', async () => {
    const { rows, failures } = await rowsOf('a.csv', 'a,b,c\n1,2\n1,2,3\n1,2,3,4\n4,5,6,\n');
    expect(rows).toEqual([
      ['1', '2', '3'],
      ['4', '5', '6'],
    ]);
    expect(failures).toMatchObject([
      {
        line: 2,
        code: 'table/fields',
        message: expect.stringContaining('too few fields: 2 where the header has 3'),
      },
      { line: 4, code: 'table/fields', message: expect.stringContaining('too many fields') },
    ]);
  });

  it('keep the rows before a quote that is never closed', async () => {
    const { rows, failures } = await rowsOf('a.csv', 'a,b\n1,2\n3,"4\n5,6\n');
    expect(rows).toEqual([['1', '2']]);
    expect(failures).toMatchObject([{ code: 'table/quote', line: 3 }]);
  });

  it('keep the rows before a quote that is not closed for 16 million characters, and read no further', async () => {
    const { rows, failures } = await rowsOf('a.csv', `a,b\n1,2\n3,"4${'x'.repeat(2 ** 24)}"\n5,6\n`);
    expect(rows).toEqual([['1', '2']]);
    expect(failures).toMatchObject([{ code: 'table/quote', line: 3 }]);
  });

  it('are read in UTF-16 and with a semicolon, a bar or a tab between the fields', async () => {
    const expected = [['clips/a.wav', 'سلام']];
    for (const delimiter of [';', '|', '\t', ',']) {
      const text = `path${delimiter}label\nclips/a.wav${delimiter}سلام\n`;
      expect((await rowsOf('a.csv', text)).rows).toEqual(expected);
      expect((await rowsOf('a.csv', Buffer.from(`\ufeff${text}`, 'utf16le'))).rows).toEqual(expected);
    }
  });

  it('tell quoting tab-separated files from those where quotes are letters', async () => {
    const root = await fileTree({
      'quoting.tsv': 'path\ttext\na.wav\t"say ""hi"""\nb.wav\tx\n',
      'literal.tsv': 'path\ttext\na.wav\t"hello\nb.wav\tworld"\n',
      'plain.tsv': 'path\ttext\na.wav\tx\n',
    });
    expect(await sniffDialect(join(root, 'quoting.tsv'))).toEqual({ delimiter: '\t', quoting: 'standard' });
    expect(await sniffDialect(join(root, 'literal.tsv'))).toEqual({ delimiter: '\t', quoting: 'literal' });
    expect(await sniffDialect(join(root, 'plain.tsv'))).toEqual({ delimiter: '\t', quoting: 'literal' });
  });

  it('without a header get numbered columns, and repeated or empty names a number', async () => {
    expect(await rowsOf('a.csv', 'a/x.wav,yes\nb/y.wav,no\n')).toMatchObject({
      columns: ['column_1', 'column_2'],
      rows: [
        ['a/x.wav', 'yes'],
        ['b/y.wav', 'no'],
      ],
    });
    expect((await rowsOf('b.csv', 'a, a ,,b\n1,2,3,4\n')).columns).toEqual(['a', 'a_2', 'column_3', 'b']);
  });

  it('of JSON lines keep numbers, nested values and Python NaN, and report lines that are no object', async () => {
    const text =
      '{"path":"a.wav","duration":1.5}\n\n{"path":"b.wav","tags":["x"],"audio":{"path":"c.wav"}}\n' +
      '{"path":"d.wav","duration":NaN}\n{"path":\n[1]\n';
    const { columns, rows, failures, lines } = await rowsOf('a.jsonl', text);
    expect(columns).toEqual(['path', 'duration', 'tags', 'audio']);
    expect(rows).toEqual([
      ['a.wav', '1.5', '', ''],
      ['b.wav', '', '["x"]', 'c.wav'],
      ['d.wav', 'NaN', '', ''],
    ]);
    expect(lines).toEqual([1, 3, 4]);
    expect(failures.map(({ line, code }) => [line, code])).toEqual([
      [5, 'table/json'],
      [6, 'table/json'],
    ]);
  });

  it('that are empty, or one JSON list, are refused with a sentence', async () => {
    await expect(table('a.csv', '')).rejects.toMatchObject({ code: 'table/empty' });
    await expect(table('a.csv', '\ufeff \n')).rejects.toMatchObject({ code: 'table/empty' });
    await expect(table('a.json', '[{"path":"a"}]')).rejects.toMatchObject({ code: 'table/json' });
  });

  it('give their first rows without reading the rest', async () => {
    const text = `a,b\n${'1,2\n'.repeat(5000)}`;
    expect(await firstRows(await table('a.csv', text), 3)).toHaveLength(3);
  });
});
