// Summaries of a confident joint: the health of the labels, which classes overlap, which are labelled worst
// (cleanlab 2.9's dataset overview; golden: label_issues.json).
import type { LabelIssues } from './label-issues.ts';

export interface ClassOverlap {
  readonly a: number;
  readonly b: number;
  /** Estimated items of one class labelled as the other, either way. */
  readonly count: number;
  /** The same as a share of all items. */
  readonly share: number;
}

export interface ClassLabelQuality {
  readonly label: number;
  /** Estimated items given this label that belong to another. */
  readonly issues: number;
  /** Estimated items of this class that were given another label. */
  readonly inverseIssues: number;
  /** issues as a share of the items given this label; null when there are none. */
  readonly noise: number | null;
  /** inverseIssues as a share of the items of this class. */
  readonly inverseNoise: number | null;
}

type Joint = Pick<LabelIssues, 'confidentJoint' | 'n' | 'k'>;

/** Share of the labels that are not confidently another: 1 = all good; null without items. */
export function overallLabelHealth({ confidentIssueCount, n }: LabelIssues): number | null {
  return n > 0 ? 1 - confidentIssueCount / n : null;
}

/** Pairs of classes with any overlap, most first; equal counts by label. */
export function overlappingClasses({ confidentJoint, n, k }: Joint): ClassOverlap[] {
  const found: ClassOverlap[] = [];
  for (let a = 0; a < k; a++) {
    for (let b = a + 1; b < k; b++) {
      const count = confidentJoint[a * k + b]! + confidentJoint[b * k + a]!;
      if (count > 0) found.push({ a, b, count, share: count / n });
    }
  }
  return found.sort((x, y) => y.count - x.count || x.a - y.a || x.b - y.b);
}

/** Label quality by class, worst first; labels nobody was given last. */
export function classLabelQuality({ confidentJoint, k }: Joint): ClassLabelQuality[] {
  const rows: ClassLabelQuality[] = [];
  for (let label = 0; label < k; label++) {
    let given = 0;
    let belonging = 0;
    for (let j = 0; j < k; j++) {
      given += confidentJoint[label * k + j]!;
      belonging += confidentJoint[j * k + label]!;
    }
    const issues = given - confidentJoint[label * k + label]!;
    const inverseIssues = belonging - confidentJoint[label * k + label]!;
    rows.push({
      label,
      issues,
      inverseIssues,
      noise: given > 0 ? issues / given : null,
      inverseNoise: belonging > 0 ? inverseIssues / belonging : null,
    });
  }
  return rows.sort((x, y) => (y.noise ?? -1) - (x.noise ?? -1) || x.label - y.label);
}
