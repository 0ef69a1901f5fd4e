// One step: what it changed, clip by clip, and taking it back.
import { useQuery } from '@tanstack/react-query';
import { calls, errorDataOf } from '../../lib/client.ts';
import { keysInWords } from '../../lib/commands.ts';
import { count, counted, when } from '../../lib/format.ts';
import { Button, ErrorNotice } from '../../ui/index.ts';
import { decide, EventWords, reasonTitles } from '../decisions/index.ts';
import { openFlagsView } from '../flags/index.ts';
import { startReview } from '../review/index.ts';
import { clipsOfBatch, showClips } from './clips-of-batch.ts';
import { inWords } from './in-words.ts';
import type { Batch } from './use-batches.ts';

const SHOWN = 200;

const leads = { decision: null, undo: 'undone', redo: 'redone' } as const;

export function BatchDetail({ batch, canUndo }: { readonly batch: Batch; readonly canUndo: boolean }) {
  const events = useQuery(
    calls.decisions.history.queryOptions({ input: { batch: batch.batch, limit: SHOWN } }),
  );
  const [reason] = [...new Set(events.data?.events.map((event) => event.reason) ?? [])].filter(
    (given) => given !== null && !(given in reasonTitles),
  );
  return (
    <aside className="history-detail" aria-label="The step under the cursor">
      <header>
        <h2 dir="auto">{inWords(batch)}</h2>
        <p className="secondary">
          <bdi>{batch.by}</bdi>, {when(batch.at)}
          {batch.isUndone && ', undone'}
        </p>
        {reason && <p dir="auto">“{reason}”</p>}
        <div className="history-actions">
          {batch.clips > 0 && (
            <>
              <Button
                isSmall
                keys={keysInWords('history.default')}
                onPress={() => void showClips(batch.batch)}
              >
                Show {counted(batch.clips, 'clip')}
              </Button>
              <Button
                isSmall
                onPress={() =>
                  void clipsOfBatch(batch.batch).then((ids) => startReview({ from: 'clips', ids }))
                }
              >
                Review again
              </Button>
            </>
          )}
          {batch.files > 0 && (
            <Button isSmall onPress={() => openFlagsView(['unreadable'], null)}>
              Show unreadable files
            </Button>
          )}
          <Button
            isSmall
            icon="undo"
            isDisabled={!canUndo}
            keys={keysInWords('history.undo')}
            onPress={() => void decide.undo(batch.batch)}
          >
            Take back
          </Button>
        </div>
      </header>
      {events.error && (
        <ErrorNotice error={errorDataOf(events.error)} onRetry={() => void events.refetch()} />
      )}
      <ul>
        {events.data?.events.toReversed().map((event) => (
          <li key={event.id}>
            <span className="mono ellipsis" dir="auto" title={event.finding ?? event.clip}>
              {event.finding ?? event.clip}
            </span>
            <EventWords event={event} lead={leads[batch.kind]} />
          </li>
        ))}
      </ul>
      {events.data && events.data.total > SHOWN && (
        <p className="secondary small">
          The last {count(SHOWN)} of {counted(events.data.total, 'event')}.
        </p>
      )}
    </aside>
  );
}
