// The rows of the geometry table.
import type { ClassGeometry } from '../../../../shared/contract/embeddings.ts';

export interface GeometryRow extends ClassGeometry {
  /** inter / intra: how many times its own width the nearest class is away; null where undefined. */
  readonly ratio: number | null;
}

export function rowsOf(classes: readonly ClassGeometry[]): readonly GeometryRow[] {
  return classes.map((one) => ({
    ...one,
    ratio:
      one.inter === null || one.intra === null || one.intra <= 0 || one.n < 2 ? null : one.inter / one.intra,
  }));
}
