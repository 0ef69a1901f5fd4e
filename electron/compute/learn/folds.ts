// Dealing rows into folds so that every fold has its share of every class, whole groups together.
import { EarmarkError } from '../../../shared/errors.ts';
import { rowsByClass, shuffle } from '../embeddings/features.ts';

/**
 * N fold numbers 0..folds-1. Without groups each class's rows (and the rows without a label) are dealt out in a random
 * order, the next class going on where the last one ended, so that folds differ by one row at most, in all and in each
 * class. With groups (say speakers; a row of group -1 is a group of its own) whole groups go, the largest first, to the
 * fold that is then shortest of their classes. The same seed gives the same folds.
 * @throws EarmarkError `folds/count`, `folds/rows` for fewer rows, `folds/groups` for fewer groups than folds.
 */
export function dealFolds(
  labels: Int32Array,
  classes: number,
  folds: number,
  groups: Int32Array | null,
  random: () => number,
): Int32Array {
  const n = labels.length;
  if (!Number.isSafeInteger(folds) || folds < 2) {
    throw new EarmarkError(
      'folds/count',
      `Cross-validation needs two folds or more, not ${folds}. Nothing was computed.`,
    );
  }
  if (n < folds) {
    throw new EarmarkError(
      'folds/rows',
      `${folds} folds need at least ${folds} clips, but there are ${n}. Nothing was computed; choose fewer folds.`,
      { n, folds },
    );
  }
  return groups === null
    ? dealRows(labels, classes, folds, random)
    : dealGroups(labels, classes, folds, groups, random);
}

function dealRows(labels: Int32Array, classes: number, folds: number, random: () => number): Int32Array {
  const foldOf = new Int32Array(labels.length);
  const unlabelled = Int32Array.from([...labels.keys()].filter((row) => labels[row]! < 0));
  let next = 0;
  for (const rows of [...rowsByClass(labels, classes), unlabelled]) {
    for (const row of shuffle(rows, random)) foldOf[row] = next++ % folds;
  }
  return foldOf;
}

function dealGroups(
  labels: Int32Array,
  classes: number,
  folds: number,
  groups: Int32Array,
  random: () => number,
): Int32Array {
  const n = labels.length;
  if (groups.length !== n) {
    throw new EarmarkError(
      'folds/groups',
      `${n} clips need ${n} groups, but there are ${groups.length}. Nothing was computed.`,
    );
  }
  const members = new Map<number, number[]>();
  for (let row = 0; row < n; row++) {
    const group = groups[row]! >= 0 ? groups[row]! : -1 - row;
    const rows = members.get(group);
    if (rows) rows.push(row);
    else members.set(group, [row]);
  }
  if (members.size < folds) {
    throw new EarmarkError(
      'folds/groups',
      `${folds} folds by speaker need at least ${folds} speakers, but there are ${members.size}. Nothing was computed; choose fewer folds, or folds that mix speakers.`,
      { groups: members.size, folds },
    );
  }
  const order = [...members.values()];
  const places = shuffle(Int32Array.from(order.keys()), random);
  const largestFirst = Array.from(places, (at) => order[at]!).sort((a, b) => b.length - a.length);

  const classCounts = new Int32Array(classes);
  for (const label of labels) if (label >= 0) classCounts[label]!++;
  const inFold = new Int32Array(folds * classes);
  const sizes = new Int32Array(folds);
  const foldOf = new Int32Array(n);
  for (const rows of largestFirst) {
    // How full a fold is of the group's classes, each as a share of the class, and then how full it is at all.
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let fold = 0; fold < folds; fold++) {
      let fullness = sizes[fold]! / n;
      for (const row of rows) {
        const label = labels[row]!;
        if (label >= 0) fullness += inFold[fold * classes + label]! / (classCounts[label]! * rows.length);
      }
      if (fullness < least) {
        least = fullness;
        best = fold;
      }
    }
    for (const row of rows) {
      foldOf[row] = best;
      sizes[best]!++;
      if (labels[row]! >= 0) inFold[best * classes + labels[row]!]!++;
    }
  }
  return foldOf;
}
