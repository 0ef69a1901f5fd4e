// One clip of the queue at a time: its sound, what is said about it, and a key for every decision. A decision is
// followed by the next clip only after the engine has it on disk; when it fails, the clip stays.
import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ClipDetail } from '../../../shared/contract/clips.ts';
import type { Change } from '../../../shared/contract/decisions.ts';
import type { ProjectInfo } from '../../../shared/contract/project.ts';
import { calls, errorDataOf, queryClient } from '../../lib/client.ts';
import { type Command, keysInWords, listScope, useCommands } from '../../lib/commands.ts';
import { count, eta } from '../../lib/format.ts';
import { useSelection } from '../../lib/state/selection.ts';
import { Button, ErrorNotice, ProgressBar, Toggle } from '../../ui/index.ts';
import { decide } from '../decisions/index.ts';
import { changeSettings, usePlayer } from '../player/index.ts';
import { prefetchPictures } from '../waveform/index.ts';
import { Actions } from './Actions.tsx';
import { ClipStage, soundWidth, useSoundSize } from './ClipStage.tsx';
import { FavouritesDialog } from './FavouritesDialog.tsx';
import { Findings } from './Findings.tsx';
import { proposalOf } from './proposal.ts';
import { leaveQueue, nextOpen, remainingOf, secondsLeft, useReview } from './queue.ts';
import { whileSaving } from './saving.ts';

const READ_AHEAD = 2;

function detailQuery(id: number) {
  return calls.clips.get.queryOptions({ input: { id } });
}

/** Keeps the shared cursor on the clip under review, and follows it when something else moves it within the queue. */
function useSharedCursor(): void {
  const ids = useReview((state) => state.ids);
  const index = useReview((state) => state.index);
  useLayoutEffect(() => {
    const { setList, moveTo } = useSelection.getState();
    setList(ids);
    const now = useSelection.getState();
    if (index >= 0 && (now.cursorIndex !== index || now.selected.size !== 1)) moveTo(index);
  }, [ids, index]);
  useEffect(
    () =>
      useSelection.subscribe((selection) => {
        const { ids: queue, index: at } = useReview.getState();
        if (selection.list !== queue || selection.cursorIndex < 0 || selection.cursorIndex === at) return;
        useReview.setState({ index: selection.cursorIndex });
      }),
    [],
  );
}

async function readAhead(id: number, size: { width: number; spectrogramHeight: number }): Promise<void> {
  await queryClient.prefetchQuery(detailQuery(id));
  const detail = queryClient.getQueryData<ClipDetail>(detailQuery(id).queryKey);
  if (detail) await prefetchPictures(id, detail.row.durationSec, size);
}

/** Reads the clips that come next, so that going on shows them at once. */
function useReadAhead(spectrogramHeight: number, isShown: boolean): void {
  const ids = useReview((state) => state.ids);
  const index = useReview((state) => state.index);
  useEffect(() => {
    // The clip in front comes first, and says how wide the pictures are.
    if (!isShown) return;
    let at = index;
    const done = useReview.getState().outcomes;
    for (let step = 0; step < READ_AHEAD; step++) {
      at = nextOpen(ids, done, at);
      const id = ids[at];
      if (id === undefined || at === index) return;
      void readAhead(id, { width: soundWidth(), spectrogramHeight });
    }
  }, [ids, index, isShown, spectrogramHeight]);
}

/**
 * Decisions in the order of the keys. While one is being saved, the next key waits for it and then acts on the clip
 * that is in front; when one fails or is given up, the keys that waited are dropped and the clip stays. So are keys
 * that wait behind a question: they were meant for its list of reasons or labels. Going on is queue.ts's, once the
 * decision is on disk.
 */
function useTurns() {
  const turns = useRef<Promise<unknown>>(Promise.resolve());
  const series = useRef(0);
  useEffect(() => {
    useReview.setState({ isInFront: true });
    return () => useReview.setState({ isInFront: false });
  }, []);
  return useCallback((task: (clipId: number) => Promise<boolean>, isAsking = false) => {
    const mine = series.current;
    turns.current = turns.current.then(async () => {
      const { ids, index } = useReview.getState();
      const clipId = ids[index];
      if (mine !== series.current || clipId === undefined) return;
      if (isAsking) series.current++;
      if (!(await task(clipId))) series.current++;
    });
  }, []);
}

export function Session({ project }: { readonly project: ProjectInfo }) {
  const { ids, index, outcomes, decidedAt } = useReview();
  const clipId = ids[index] ?? null;
  const clip = useQuery({ ...detailQuery(clipId ?? 1), enabled: clipId !== null });
  const detail = clip.data?.row.id === clipId ? clip.data : undefined;
  const proposal = detail ? proposalOf(detail, project.runInUse) : null;
  const { autoplay, autoAdvance } = usePlayer();
  const [isEditingFavourites, setIsEditingFavourites] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const size = useSoundSize();
  useSharedCursor();
  useReadAhead(size.spectrogramHeight, detail !== undefined);
  const inTurn = useTurns();
  const focus = () => root.current?.focus({ preventScroll: true });
  // The keys act here from the start.
  useEffect(focus, []);

  const move = (by: number) => {
    const to = Math.max(0, Math.min(ids.length - 1, index + by));
    useReview.setState({ index: to });
  };
  const rowOf = (id: number) => queryClient.getQueryData<ClipDetail>(detailQuery(id).queryKey);
  const apply = (id: number, changes: Change[]) =>
    whileSaving(changes, () => decide.apply(changes, { ids: [id] }));
  const keep = (id: number) => apply(id, [{ field: 'review', to: 'accepted' }]);
  // The review comes first: the label has the last word about what becomes of the flags.
  const relabel = (id: number, to: string) =>
    rowOf(id)?.row.label === to
      ? keep(id)
      : apply(id, [
          { field: 'review', to: 'accepted' },
          { field: 'label', to },
        ]);
  const act = {
    accept: () =>
      inTurn(async (id) => {
        const data = rowOf(id);
        const proposed = data ? proposalOf(data, project.runInUse) : null;
        return proposed ? relabel(id, proposed.label) : false;
      }),
    keep: () => inTurn(keep),
    other: () =>
      inTurn(async (id) => {
        const label = await decide.pickLabel([id]);
        return label === null ? false : relabel(id, label);
      }, true),
    favourite: (label: string) => inTurn((id) => relabel(id, label)),
    unusable: () => inTurn((id) => decide.askReason([id]), true),
    unclear: () => inTurn((id) => apply(id, [{ field: 'review', to: 'unclear' }])),
    skip: () => inTurn((id) => apply(id, [{ field: 'review', to: 'skipped' }])),
    note: () => inTurn((id) => decide.askNote([id]), true),
    // After the decisions that are still being saved: it takes back the last key, not the one before.
    undo: () => inTurn(() => decide.undo()),
    editFavourites: () => setIsEditingFavourites(true),
  };
  const group = 'Review';
  const favourites: Command[] = project.favouriteLabels.slice(0, 9).map((label, at) => ({
    id: `decisions.favourite.${at + 1}`,
    title: `Label ${label}, and next`,
    group,
    keys: [String(at + 1)],
    run: () => act.favourite(label),
  }));
  useCommands([
    {
      id: 'review.accept',
      title: 'Accept the proposed label',
      group,
      keys: ['A'],
      when: () => proposal !== null,
      run: act.accept,
    },
    { id: 'decisions.accept', title: 'Keep it as it is, and next', group, keys: ['Enter'], run: act.keep },
    { id: 'decisions.relabel', title: 'Another label…', group, keys: ['R', '/'], run: act.other },
    ...favourites,
    { id: 'decisions.unusable', title: 'Unusable…', group, keys: ['X'], run: act.unusable },
    { id: 'decisions.unclear', title: 'Unclear, and next', group, keys: ['U'], run: act.unclear },
    { id: 'review.skip', title: 'Skip for now', group, keys: ['S'], run: act.skip },
    { id: 'decisions.note', title: 'Note…', group, keys: ['N'], run: act.note },
    { id: 'decisions.undo', title: 'Undo', group, keys: ['Mod+Z'], run: act.undo },
    {
      id: 'review.next',
      title: 'Next clip, undecided',
      group,
      keys: ['ArrowDown', 'J'],
      isRepeating: true,
      run: () => move(1),
    },
    {
      id: 'review.previous',
      title: 'Previous clip',
      group,
      keys: ['ArrowUp', 'K'],
      isRepeating: true,
      run: () => move(-1),
    },
    {
      id: 'review.first',
      title: 'First clip of the queue',
      group,
      keys: ['Home'],
      run: () => move(-ids.length),
    },
    { id: 'review.last', title: 'Last clip of the queue', group, keys: ['End'], run: () => move(ids.length) },
    {
      id: 'review.autoadvance',
      title: 'Auto-advance: go on after a decision',
      group,
      keys: ['Shift+A'],
      run: () => changeSettings({ autoAdvance: !autoAdvance }),
    },
    { id: 'review.favourites', title: 'Favourite labels…', group, run: act.editFavourites },
    { id: 'review.leave', title: 'Another queue', group, run: leaveQueue },
  ]);

  const left = remainingOf({ ids, outcomes });
  const seconds = secondsLeft(decidedAt, left);
  return (
    // biome-ignore lint/a11y/useSemanticElements: the place where the review's keys act
    <div
      ref={root}
      className="review-session"
      {...listScope}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it has the focus while clips are decided
      tabIndex={0}
      role="group"
      aria-label="Clip under review"
    >
      <header className="view-head review-head">
        <h1>Review</h1>
        <span className="review-count" role="status">
          <strong>{count(left)}</strong> of {count(ids.length)} left
          <span className="secondary review-eta">{seconds === null ? '' : eta(seconds)}</span>
        </span>
        <span className="review-switches">
          <Toggle label="Auto-play" isOn={autoplay} onChange={(isOn) => changeSettings({ autoplay: isOn })} />
          <Toggle
            label="Auto-advance"
            isOn={autoAdvance}
            onChange={(isOn) => changeSettings({ autoAdvance: isOn })}
          />
          <Button isSmall tone="quiet" onPress={leaveQueue}>
            Another queue
          </Button>
        </span>
        <ProgressBar label="Decided" done={ids.length - left} total={ids.length} />
      </header>
      <div className="review-body">
        <div className="review-main">
          {clip.error && !detail ? (
            <ErrorNotice error={errorDataOf(clip.error)} onRetry={() => void clip.refetch()} />
          ) : (
            <ClipStage
              detail={detail}
              place={`${count(index + 1)} of ${count(ids.length)}`}
              outcome={clipId === null ? undefined : outcomes.get(clipId)}
              size={size}
            />
          )}
          <Actions
            act={act}
            proposal={proposal}
            label={detail?.row.label ?? null}
            favourites={project.favouriteLabels.slice(0, 9)}
            onDone={focus}
            keysOf={keysInWords}
          />
        </div>
        <Findings detail={detail} proposal={proposal} runInUse={project.runInUse} />
      </div>
      {isEditingFavourites && (
        <FavouritesDialog project={project} onClose={() => setIsEditingFavourites(false)} />
      )}
    </div>
  );
}
