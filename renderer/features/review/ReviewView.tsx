// The review: choosing what to go through, the clip to decide, and the end with its counts.
import { useEffect, useState } from 'react';
import { type FlagKind, flagKinds } from '../../../shared/domain/flag.ts';
import { errorDataOf } from '../../lib/client.ts';
import { useProject } from '../../lib/project.ts';
import { notify, notifyError } from '../../lib/state/notices.ts';
import { EmptyState } from '../../ui/index.ts';
import { Ending } from './Ending.tsx';
import { remainingOf, startReview, useReview } from './queue.ts';
import { Session } from './Session.tsx';
import { Setup } from './Setup.tsx';

/** Kinds named in the address (`#/review?kinds=silent,clipped`); null when it names none. */
function kindsOfAddress(): readonly FlagKind[] | null {
  const [, asked] = /[?&]kinds=([^&]*)/.exec(location.hash) ?? [];
  if (asked === undefined) return null;
  const names = new Set(decodeURIComponent(asked).split(','));
  return flagKinds.filter((kind) => names.has(kind));
}

/** An address that names kinds of flags begins the queue of them, once. @returns whether one is being made. */
function useQueueOfAddress(): boolean {
  const [isBeginning, setIsBeginning] = useState(() => kindsOfAddress() !== null);
  useEffect(() => {
    const begin = async () => {
      const kinds = kindsOfAddress();
      if (kinds === null) return;
      setIsBeginning(true);
      history.replaceState(null, '', '#/review');
      try {
        const clips = await startReview({ from: 'flags', kinds, filter: '', includeReviewed: false });
        if (clips === 0) notify({ kind: 'done', text: 'No clips with these open flags are left to review' });
      } catch (error) {
        notifyError(errorDataOf(error));
      } finally {
        setIsBeginning(false);
      }
    };
    void begin();
    const again = () => void begin();
    window.addEventListener('hashchange', again);
    return () => window.removeEventListener('hashchange', again);
  }, []);
  return isBeginning;
}

export function ReviewView() {
  const isBeginning = useQueueOfAddress();
  const project = useProject();
  const queueProject = useReview((state) => state.project);
  const isEmpty = useReview((state) => state.ids.length === 0);
  const isDone = useReview((state) => remainingOf(state) === 0 && state.index < 0);
  if (!project) return null;
  const isOfThisProject = queueProject === project.id;
  return (
    <section className="view review" aria-label="Review">
      {project.isReadOnly ? (
        <>
          <h1 className="visually-hidden">Review</h1>
          <EmptyState icon="review" title="This project can be looked at only">
            It was opened from a place that cannot be written to, so nothing can be decided here.
          </EmptyState>
        </>
      ) : isBeginning ? (
        // The choice of a queue would flash by, and take keys that are meant for the first clip.
        <h1 className="visually-hidden">Review</h1>
      ) : isEmpty || !isOfThisProject ? (
        <Setup project={project} />
      ) : isDone ? (
        <Ending />
      ) : (
        <Session project={project} />
      )}
    </section>
  );
}
