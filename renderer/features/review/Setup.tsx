// What to go through: clips with flags, the filter's clips, or the selection. The count is known before it begins.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { ProjectInfo } from '../../../shared/contract/project.ts';
import { type FlagKind, flagKinds, flagTitles } from '../../../shared/domain/flag.ts';
import { calls, errorDataOf } from '../../lib/client.ts';
import { listScope, runCommand, useCommands } from '../../lib/commands.ts';
import { count, counted } from '../../lib/format.ts';
import { useFilter } from '../../lib/state/filter.ts';
import { goTo } from '../../lib/state/route.ts';
import { useSelection } from '../../lib/state/selection.ts';
import { remember, remembered } from '../../lib/storage.ts';
import { Button, EmptyState, ErrorNotice, SegmentedControl, Toggle } from '../../ui/index.ts';
import { inListOrder } from '../player/index.ts';
import { type ReviewSource, startReview } from './queue.ts';

type From = 'flags' | 'filter' | 'selection';

/** `unreadable` files are no clips and cannot be heard. */
const kindsToHear: readonly FlagKind[] = flagKinds.filter((kind) => kind !== 'unreadable');

export function Setup({ project }: { readonly project: ProjectInfo }) {
  const filter = useFilter((state) => state.text);
  const selected = useSelection((state) => state.selected);
  const openOf = (kind: FlagKind) => project.flags[kind]?.open ?? 0;
  const offered = kindsToHear.filter((kind) => openOf(kind) > 0);
  const [from, setFrom] = useState<From>(
    selected.size > 1 ? 'selection' : offered.length > 0 && filter === '' ? 'flags' : 'filter',
  );
  const [chosen, setChosen] = useState<readonly FlagKind[]>(() =>
    remembered<FlagKind[]>('review.kinds', ['label-issue'], Array.isArray),
  );
  const wanted = chosen.filter((kind) => offered.includes(kind));
  const kinds = wanted.length > 0 ? wanted : offered.slice(0, 1);
  const [isWithinFilter, setIsWithinFilter] = useState(false);
  const [includeReviewed, setIncludeReviewed] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  const source: ReviewSource =
    from === 'flags'
      ? { from, kinds, filter: isWithinFilter ? filter : '', includeReviewed }
      : from === 'filter'
        ? { from, filter, includeReviewed }
        : { from: 'clips', ids: inListOrder([...selected]) };
  const counting = useQuery({
    ...calls.review.queue.queryOptions({
      input: {
        filter: source.from === 'clips' ? '' : source.filter,
        kinds: source.from === 'flags' ? [...source.kinds] : [],
        includeReviewed,
        limit: 1,
      },
    }),
    enabled: source.from !== 'clips' && !(source.from === 'flags' && source.kinds.length === 0),
    placeholderData: keepPreviousData,
  });
  const total = source.from === 'clips' ? source.ids.length : (counting.data?.total ?? null);
  const begin = async () => {
    try {
      setFailure(null);
      await startReview(source);
    } catch (error) {
      setFailure(error);
    }
  };
  const canBegin = total !== null && total > 0 && !(source.from === 'flags' && source.kinds.length === 0);
  useCommands([
    {
      id: 'review.default',
      title: 'Begin the review',
      group: 'Review',
      keys: ['Mod+Enter', 'Enter'],
      when: () => canBegin,
      run: () => void begin(),
    },
  ]);
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => root.current?.focus(), []);

  if (project.clips === 0) {
    return (
      <>
        <h1 className="visually-hidden">Review</h1>
        <EmptyState
          icon="review"
          title="Nothing to review yet"
          actions={
            <Button tone="primary" icon="import" onPress={() => runCommand('dataset.import')}>
              Import a dataset…
            </Button>
          }
        >
          A review goes through clips one by one, from the keyboard: hear, decide, next.
        </EmptyState>
      </>
    );
  }
  const toggleKind = (kind: FlagKind) => {
    const next = kinds.includes(kind) ? kinds.filter((other) => other !== kind) : [...kinds, kind];
    setChosen(next);
    remember('review.kinds', next);
  };
  return (
    <>
      <header className="view-head">
        <h1>Review</h1>
        <span className="secondary">Hear, decide, next, from the keyboard.</span>
      </header>
      <div className="view-body view-pad" ref={root} {...listScope} tabIndex={-1}>
        <div className="review-setup">
          <SegmentedControl
            label="What to go through"
            value={from}
            onChange={setFrom}
            options={[
              { id: 'flags', title: 'Flags' },
              { id: 'filter', title: filter === '' ? 'Every clip' : 'The filter' },
              { id: 'selection', title: `The selection (${count(selected.size)})` },
            ]}
          />
          <div className="review-source">
            {from === 'flags' &&
              (offered.length === 0 ? (
                <p className="secondary">
                  No open flags.{' '}
                  <button type="button" className="door" onClick={() => goTo('flags')}>
                    Find flags
                  </button>
                </p>
              ) : (
                <ul className="review-kinds" aria-label="Kinds of flags">
                  {offered.map((kind) => (
                    <li key={kind}>
                      <label className="review-kind">
                        <input
                          type="checkbox"
                          checked={kinds.includes(kind)}
                          onChange={() => toggleKind(kind)}
                        />
                        <span>{flagTitles[kind]}</span>
                        <span className="secondary numeric">{count(openOf(kind))}</span>
                      </label>
                    </li>
                  ))}
                </ul>
              ))}
            {from === 'flags' && filter !== '' && (
              <Toggle
                label="Only within the filter"
                description={<bdi className="mono">{filter}</bdi>}
                isOn={isWithinFilter}
                onChange={setIsWithinFilter}
              />
            )}
            {from === 'filter' && (
              <p className="review-filter">
                {filter === '' ? (
                  <span className="secondary">No filter is set: every clip, in the order of import.</span>
                ) : (
                  <bdi className="mono">{filter}</bdi>
                )}{' '}
                <Button isSmall tone="quiet" onPress={() => goTo('clips')}>
                  Change it in Clips
                </Button>
              </p>
            )}
            {from === 'selection' && (
              <p className="secondary">The clips that are selected now, in the order they are listed.</p>
            )}
            {from !== 'selection' && (
              <Toggle
                label="Also clips that were reviewed before"
                isOn={includeReviewed}
                onChange={setIncludeReviewed}
              />
            )}
          </div>
          {counting.error && (
            <ErrorNotice error={errorDataOf(counting.error)} onRetry={() => void counting.refetch()} />
          )}
          {failure !== null && <ErrorNotice error={errorDataOf(failure)} />}
          <div className="review-begin">
            <Button
              tone="primary"
              icon="review"
              keys="Enter"
              isDisabled={!canBegin}
              onPress={() => void begin()}
            >
              {total === null ? 'Begin' : total === 0 ? 'No clips' : `Review ${counted(total, 'clip')}`}
            </Button>
            <span className="secondary">
              {from === 'flags' ? 'Worst first. ' : ''}The order stays as it is while you decide.
            </span>
          </div>
        </div>
      </div>
    </>
  );
}
