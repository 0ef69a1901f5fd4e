// Labels and speakers of an embedding's rows as codes, which is how the numeric code takes them.
import type { OpenProject } from '../open-project.ts';

export interface RowLabels {
  /** Class code of each row, -1 = none: no label, noise, or no longer there. */
  readonly codes: Int32Array;
  /** Name of each class, most clips first. */
  readonly names: readonly string[];
}

/** The current labels of rows whose clips are `clips`. */
export function labelsOfRows(project: OpenProject, clips: Int32Array): RowLabels {
  const names = project.labelCounts().map(({ label }) => label);
  const codeOf = new Map(names.map((name, code) => [name, code]));
  const codes = Int32Array.from(clips, (id) => {
    const row = project.rowOf(id);
    if (row < 0 || !project.isPresent(id) || project.isNoise(row)) return -1;
    return codeOf.get(project.set.labelAt(row) ?? '') ?? -1;
  });
  return { codes, names };
}

/** A number for each row's speaker, -1 = not known. */
export function speakersOfRows(project: OpenProject, clips: Int32Array): Int32Array {
  const { codes } = project.set.codes.speaker;
  return Int32Array.from(clips, (id) => {
    const row = project.rowOf(id);
    return row < 0 ? -1 : (codes[row] ?? -1);
  });
}
