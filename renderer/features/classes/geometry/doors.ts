// From classes that lie close to their clips.
import { conditionFor, toggleValue } from '../../../../shared/filter/index.ts';
import { openClips } from '../../metrics/index.ts';

/** The clips of one label, or of two: `label in (five, nine)`. The geometry is over all clips, and so is the door. */
export function openLabels(a: string, b: string = a): void {
  const one = conditionFor('label', a);
  openClips(a === b ? one : toggleValue(one, 'label', b), '');
}
