// All that was decided about one clip, newest first, down to how it was imported.
import { useQuery } from '@tanstack/react-query';
import { calls, errorDataOf } from '../../lib/client.ts';
import { counted, when } from '../../lib/format.ts';
import { goTo } from '../../lib/state/route.ts';
import { Button, EmptyState, ErrorNotice } from '../../ui/index.ts';
import { EventWords, leadOf } from '../decisions/index.ts';

const SHOWN = 1000;

export function ClipEvents({ clipId }: { readonly clipId: number | null }) {
  const clip = useQuery({
    ...calls.clips.get.queryOptions({ input: { id: clipId ?? 1 } }),
    enabled: clipId !== null,
  });
  const events = useQuery({
    ...calls.decisions.history.queryOptions({ input: { clipId: clipId ?? 1, limit: SHOWN } }),
    enabled: clipId !== null,
  });
  if (clipId === null) {
    return (
      <EmptyState
        icon="clips"
        title="No clip under the cursor"
        actions={<Button onPress={() => goTo('clips')}>Go to Clips</Button>}
      >
        Choose a clip in any list; what was decided about it is told here.
      </EmptyState>
    );
  }
  const byId = new Map((events.data?.events ?? []).map((event) => [event.id, event]));
  const failed = clip.error ?? events.error;
  return (
    <article className="history-clip">
      <h2 className="mono" dir="auto">
        {clip.data?.row.path ?? '\u00a0'}
      </h2>
      <p className="secondary">{events.data ? counted(events.data.total, 'event') : '\u00a0'}</p>
      {failed && <ErrorNotice error={errorDataOf(failed)} onRetry={() => void events.refetch()} />}
      <ol>
        {events.data?.events.map((event) => (
          <li key={event.id}>
            <span className="secondary">{when(event.at)}</span>
            <bdi className="secondary ellipsis">{event.by}</bdi>
            <EventWords event={event} lead={leadOf(event, byId)} />
          </li>
        ))}
        {clip.data && (
          <li>
            <span className="secondary">{when(clip.data.importedAt)}</span>
            <span />
            <span>
              <span className="secondary">imported as</span>{' '}
              <bdi>{clip.data.row.originalLabel ?? 'no label'}</bdi>
            </span>
          </li>
        )}
      </ol>
    </article>
  );
}
