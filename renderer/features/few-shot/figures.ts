// The figures of a trained head in words, each with its n.
import type { FewShotResult } from '../../../shared/contract/few-shot.ts';
import { count, counted, percent, percentInterval, probability } from '../../lib/format.ts';

const Z = 1.959963984540054;

/** Wilson's 95% interval of a share of n; null for n = 0. Wilson 1927. */
export function wilson(share: number, n: number): readonly [number, number] | null {
  if (n === 0) return null;
  const z2 = Z * Z;
  const middle = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z / (1 + z2 / n)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

interface Figure {
  readonly title: string;
  readonly value: string;
  readonly note: string;
}

export function figuresOf(result: FewShotResult): readonly Figure[] {
  const { threshold, falseAcceptRate, heldOut, leaveOneOut, found } = result;
  const hits = leaveOneOut.filter(({ isFound }) => isFound).length;
  return [
    {
      title: 'found',
      value: counted(found, 'clip'),
      note: `with a score of ${probability(threshold)} or more, without the examples`,
    },
    {
      title: 'false accepts',
      value: percent(falseAcceptRate),
      note:
        heldOut === 0
          ? 'not measured: no clips of other words were left'
          : `of n=${count(heldOut)} held-out clips of other words pass (${percentInterval(wilson(falseAcceptRate, heldOut))})`,
    },
    {
      title: 'leave one out',
      value: `${count(hits)} of ${count(leaveOneOut.length)}`,
      note: 'examples are found by a head that was trained without them',
    },
  ];
}
