import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { FlagStatus } from '../../shared/domain/flag.ts';
import {
  applyChanges,
  batches,
  type ChangeInput,
  checkCatalog,
  closeCatalog,
  flagsOfClips,
  importClips,
  listUnreadable,
  openCatalog,
  readClips,
  redo,
  replaceFlags,
  replaceUnreadable,
  undoBatch,
  type WritableCatalog,
} from './index.ts';
import { change, clipInput, makeProject, temporaryFolder } from './test-support.ts';

const folder = temporaryFolder();
const clips = 4;

type Step =
  | {
      readonly do: 'apply';
      readonly changes: readonly ChangeInput[];
      /** The wanted status of each unreadable file; null leaves it as it is. */
      readonly files: readonly (FlagStatus | null)[];
    }
  | { readonly do: 'undo' | 'redo' | 'reopen' | 'other window' };

const oneChange: fc.Arbitrary<ChangeInput> = fc.oneof(
  fc
    .tuple(
      fc.integer({ min: 1, max: clips }),
      fc.constantFrom('label', 'transcript', 'note'),
      fc.constantFrom('a', 'b', null),
    )
    .map(([id, field, to]) => change(id, { field: field as ChangeInput['field'], to })),
  fc
    .tuple(
      fc.integer({ min: 1, max: clips }),
      fc.constantFrom('unusable', 'accepted', null),
      fc.constantFrom('noise', 'cut', null),
    )
    .map(([id, to, reason]) => change(id, { field: 'review', to, reason })),
  fc
    .tuple(fc.integer({ min: 1, max: clips }), fc.constantFrom('open', 'dismissed', 'fixed'))
    .map(([id, to]) => change(id, { field: 'flag', subject: 'silent', to })),
);

const fileStatus = fc.option(fc.constantFrom<FlagStatus>('open', 'accepted', 'dismissed'));

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.array(oneChange, { maxLength: 6 }), fc.tuple(fileStatus, fileStatus))
      .map(([changes, files]) => ({ do: 'apply' as const, changes, files })),
  },
  { weight: 3, arbitrary: fc.constant({ do: 'undo' as const }) },
  { weight: 2, arbitrary: fc.constant({ do: 'redo' as const }) },
  { weight: 1, arbitrary: fc.constantFrom({ do: 'reopen' as const }, { do: 'other window' as const }) },
);

const failures = ['empty.wav', 'cut.flac'].map((file) => ({ file, code: 'c', message: `${file} is none.` }));

function apply(catalog: WritableCatalog, { changes, files }: Step & { readonly do: 'apply' }) {
  const unreadable = listUnreadable(catalog);
  const settled = files.flatMap((to, at) => {
    const flagId = unreadable[at]?.id;
    return to === null || flagId === undefined ? [] : [{ flagId, to }];
  });
  return applyChanges(catalog, { by: 'ann', changes, files: settled });
}

/** Everything a person sees of the clips and files, as one text. */
function picture(catalog: WritableCatalog): string {
  const flags = new Map(flagsOfClips(catalog, [1, 2, 3, 4]).map((flag) => [flag.clipId, flag.status]));
  return JSON.stringify([
    ...[...readClips(catalog)].map((clip) => [
      clip.label,
      clip.transcript,
      clip.review,
      clip.reviewReason,
      clip.note,
      flags.get(clip.id),
    ]),
    ...listUnreadable(catalog).map(({ path, status }) => [path, status]),
  ]);
}

function newProject(): { catalog: WritableCatalog; datasetId: number } {
  const { catalog, dataset, ids } = makeProject(folder, clips);
  replaceFlags(
    catalog,
    ['silent'],
    ids.slice(0, 3).map((clipId) => ({
      clipId,
      path: 'p',
      kind: 'silent',
      score: 0,
      reason: 'r',
      evidence: {},
      proposed: null,
    })),
  );
  replaceUnreadable(catalog, dataset.id, failures);
  return { catalog, datasetId: dataset.id };
}

const open: WritableCatalog[] = [];
afterAll(() => open.forEach(closeCatalog));

describe('any sequence of decisions, undo and redo', () => {
  it('shows what a pile of photographs would: undo turns one back, redo one forward', {
    timeout: 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        let { catalog } = newProject();
        let other = openCatalog(catalog.file);
        open.push(catalog, other);
        // The model: a photograph of everything after each batch that changed something.
        let photographs = [picture(catalog)];
        let shown = 0;
        for (const each of steps) {
          if (each.do === 'apply') {
            const before = photographs[shown];
            const { batch } = apply(catalog, each);
            if (batch === null) expect(picture(catalog)).toBe(before);
            else {
              photographs = [...photographs.slice(0, shown + 1), picture(catalog)];
              shown += 1;
            }
          } else if (each.do === 'undo') {
            const { batch, leftAlone } = undoBatch(catalog, 'ann');
            expect([batch !== null, leftAlone]).toEqual([shown > 0, 0]);
            shown = Math.max(0, shown - 1);
          } else if (each.do === 'redo') {
            const { batch, leftAlone } = redo(catalog, 'ben');
            expect([batch !== null, leftAlone]).toEqual([shown < photographs.length - 1, 0]);
            shown = Math.min(photographs.length - 1, shown + 1);
          } else if (each.do === 'reopen') {
            closeCatalog(catalog);
            catalog = openCatalog(catalog.file);
            open.push(catalog);
          } else {
            [catalog, other] = [other, catalog];
          }
          expect(picture(catalog)).toBe(photographs[shown]);
        }
        const check = await checkCatalog(catalog);
        expect(check.ok, JSON.stringify(check.problems)).toBe(true);
        closeCatalog(catalog);
        closeCatalog(other);
      }),
      { numRuns: 60 },
    );
  });

  it('agrees with the replay of the log, also when batches are undone out of order and imports change originals', {
    timeout: 60_000,
  }, async () => {
    const wildStep = fc.oneof(
      { weight: 4, arbitrary: step },
      { weight: 2, arbitrary: fc.nat(20).map((batch) => ({ do: 'undo named' as const, batch })) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.integer({ min: 0, max: clips - 1 }), fc.constantFrom('a', 'b', 'four', null))
          .map(([index, to]) => ({ do: 'import' as const, index, to })),
      },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(wildStep, { maxLength: 25 }), async (steps) => {
        let { catalog, datasetId } = newProject();
        open.push(catalog);
        let imports = 0;
        for (const each of steps) {
          if (each.do === 'apply') apply(catalog, each);
          else if (each.do === 'undo') undoBatch(catalog, 'ann');
          else if (each.do === 'redo') redo(catalog, 'ann');
          else if (each.do === 'undo named') {
            const list = batches(catalog, { offset: 0, limit: 100 }).batches;
            const chosen = list[each.batch % Math.max(1, list.length)];
            if (chosen === undefined || chosen.isUndone) continue;
            undoBatch(catalog, 'ann', chosen.batch);
          } else if (each.do === 'import') {
            imports += 1;
            const again = clipInput(`four/${each.index}.wav`, {
              label: each.to,
              transcript: each.to,
              audio: null,
            });
            importClips(catalog, datasetId, `import ${imports}`, [again]);
            replaceUnreadable(catalog, datasetId, failures.slice(each.index % 2));
          } else {
            closeCatalog(catalog);
            catalog = openCatalog(catalog.file);
            open.push(catalog);
          }
        }
        const check = await checkCatalog(catalog);
        expect(check.ok, JSON.stringify(check.problems)).toBe(true);
        closeCatalog(catalog);
      }),
      { numRuns: 60 },
    );
  });
});
