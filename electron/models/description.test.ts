import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeModelProblems, modelDescription, modelFieldWords } from '../../shared/domain/model.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/MODELS.md'), 'utf8');

describe('docs/MODELS.md', () => {
  const examples = [...page.matchAll(/```json\n(.*?)```/gs)].map((match) => JSON.parse(match[1]!) as object);

  it('has examples that hold', () => {
    expect(examples.length).toBe(3);
    for (const example of examples) {
      const { error } = modelDescription.safeParse(example);
      expect(error === undefined ? [] : describeModelProblems(error, example)).toEqual([]);
    }
  });

  it('shows the examples that come along as they are', () => {
    for (const [at, name] of [
      [1, 'speech-embedding'],
      [2, 'silero-vad'],
    ] as const) {
      const file = readFileSync(join(root, `resources/models/examples/${name}.json`), 'utf8');
      const { about: _, ...shipped } = JSON.parse(file) as Record<string, unknown>;
      expect(examples[at]).toEqual(shipped);
    }
  });

  it('names every field of a description and of a front end', () => {
    // Items of a list have no name of their own, and those of a front end stand in their own table.
    const nameless = /^$|\*$|^stages\.\*\.input$|^outputs\.(scores|embedding)$|^frontEnd\./;
    for (const field of Object.keys(modelFieldWords).filter((each) => !nameless.test(each)))
      expect(page, `document the field ${field}`).toContain(`\`${field}\``);
    const {
      kind: _,
      log,
      ...front
    } = modelDescription.parse({
      ...examples[0],
      frontEnd: { kind: 'mfcc' },
    }).frontEnd as Record<string, unknown>;
    const names = [...Object.keys(front), ...Object.keys(log as object).map((key) => `log.${key}`)];
    for (const name of names) expect(page, `document frontEnd.${name}`).toContain(`\`${name}\``);
  });

  it('leads only to places that exist', () => {
    for (const [, target] of page.matchAll(/\]\(([^)#]+)\)/g))
      expect(existsSync(join(root, 'docs', target!)), target).toBe(true);
    const headings = [...page.matchAll(/^## (.*)$/gm)].map((match) =>
      match[1]!
        .toLowerCase()
        .replace(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    );
    for (const [, target] of page.matchAll(/\]\(#([^)]+)\)/g)) expect(headings).toContain(target);
  });
});
