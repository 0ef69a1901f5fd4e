// The end of a queue: how many clips were decided how, and what to do next.
import { useEffect, useRef } from 'react';
import { keysInWords, listScope } from '../../lib/commands.ts';
import { count, counted } from '../../lib/format.ts';
import { goTo } from '../../lib/state/route.ts';
import { Button, Icon, KeyHint } from '../../ui/index.ts';
import { outcomes as allOutcomes, leaveQueue, type Outcome, startReview, useReview } from './queue.ts';

export const outcomeTitles: Readonly<Record<Outcome, string>> = {
  kept: 'kept as they were',
  relabelled: 'relabelled',
  unusable: 'unusable',
  unclear: 'unclear',
  skipped: 'skipped',
};

export function Ending() {
  const ids = useReview((state) => state.ids);
  const outcomes = useReview((state) => state.outcomes);
  const of = (wanted: Outcome) => ids.filter((id) => outcomes.get(id) === wanted);
  const again = ids.filter((id) => outcomes.get(id) === 'skipped' || outcomes.get(id) === 'unclear');
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => root.current?.focus(), []);
  return (
    <div className="review-ending" ref={root} {...listScope} tabIndex={-1}>
      <h1 className="review-ending-title right">
        <Icon name="check" size={20} /> All {counted(ids.length, 'clip')} decided
      </h1>
      <table>
        <tbody>
          {allOutcomes
            .filter((outcome) => of(outcome).length > 0)
            .map((outcome) => (
              <tr key={outcome}>
                <td className="numeric">{count(of(outcome).length)}</td>
                <td>{outcomeTitles[outcome]}</td>
                <td>
                  <Button
                    isSmall
                    tone="quiet"
                    onPress={() => void startReview({ from: 'clips', ids: of(outcome) })}
                  >
                    Go through these again
                  </Button>
                </td>
              </tr>
            ))}
        </tbody>
      </table>
      <div className="review-ending-actions">
        <Button tone="primary" autoFocus onPress={leaveQueue}>
          Another queue
        </Button>
        {again.length > 0 && (
          <Button onPress={() => void startReview({ from: 'clips', ids: again })}>
            The skipped and unclear again
          </Button>
        )}
        <Button onPress={() => goTo('history')}>History</Button>
        <Button onPress={() => goTo('export')}>Export…</Button>
      </div>
      <p className="secondary">
        <KeyHint keys={keysInWords('decisions.undo')} /> still takes back the last decision and returns to its
        clip.
      </p>
    </div>
  );
}
