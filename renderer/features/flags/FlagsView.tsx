// Flags: what may be wrong with clips, worst first, each with its reason; accept, dismiss, confirm, search again.
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { FileStatus } from '../../../shared/contract/decisions.ts';
import { type FlagStatus, flagStatuses, flagTitles } from '../../../shared/domain/flag.ts';
import { calls, client, errorDataOf } from '../../lib/client.ts';
import { useCommands } from '../../lib/commands.ts';
import { count, counted } from '../../lib/format.ts';
import { useProject } from '../../lib/project.ts';
import { useFilter } from '../../lib/state/filter.ts';
import { useRowHeight } from '../../lib/state/layout.ts';
import { notify, notifyError } from '../../lib/state/notices.ts';
import { Button, EmptyState, ErrorNotice, SegmentedControl, VirtualGrid } from '../../ui/index.ts';
import { decide } from '../decisions/index.ts';
import { AcceptDialog } from './AcceptDialog.tsx';
import { columnsOf } from './columns.tsx';
import { openReview, useFlagChoice } from './doors.ts';
import { FlagDetail } from './FlagDetail.tsx';
import { FlagKinds } from './FlagKinds.tsx';
import { clipsByKind, clipsByProposal, filesAmong, type ProposalGroup, proposalGroups } from './proposals.ts';
import { Thresholds, useIsFinding } from './Thresholds.tsx';
import { useFlagRows } from './use-flag-rows.ts';
import { useFlagSelection } from './use-flag-selection.ts';

const statusOptions: readonly { readonly id: FlagStatus | 'any'; readonly title: string }[] = [
  ...flagStatuses.map((id) => ({ id, title: `${id.charAt(0).toUpperCase()}${id.slice(1)}` })),
  { id: 'any', title: 'Any' },
];

export function FlagsView() {
  const project = useProject();
  const rowHeight = useRowHeight();
  const { kind, status } = useFlagChoice();
  const filter = useFilter(({ text }) => text);
  const summary = useQuery(calls.flags.summary.queryOptions());
  const rows = useFlagRows({ kind, status, filter });
  const { cursor, current, selected, targets, move, selectAll, clear } = useFlagSelection(
    rows,
    JSON.stringify([kind, status, filter]),
  );
  const [groups, setGroups] = useState<readonly ProposalGroup[]>([]);
  const canDecide = project !== null && !project.isReadOnly;
  const proposals = proposalGroups(targets).reduce((sum, { clipIds }) => sum + clipIds.length, 0);
  const reviewKinds = kind === null ? [] : [kind];
  const columns = useMemo(() => columnsOf(kind === null, status === null), [kind, status]);

  const acceptAll = async (accepted: readonly ProposalGroup[]) => {
    setGroups([]);
    const steps = [...clipsByProposal(accepted)].map(([to, ids]) => ({
      selection: { ids: [...ids] },
      changes: [{ field: 'label' as const, to }],
    }));
    if (await decide.applyMany(steps, { why: 'proposal accepted' })) clear();
  };
  const accept = () => {
    const found = proposalGroups(targets);
    if (targets.length > 1) setGroups(found);
    else void acceptAll(found);
  };
  const settle = async (to: FileStatus['to']) => {
    const byKind = [...clipsByKind(targets)];
    const flagIds = filesAmong(targets);
    const steps = byKind.map(([flagKind, clipIds]) => ({
      selection: { ids: [...clipIds] },
      changes: [{ field: 'flag' as const, kind: flagKind, to }],
    }));
    const [first] = byKind;
    const isSaved =
      first && byKind.length === 1 && flagIds.length === 0
        ? await decide.flag(first[0], to, first[1])
        : await decide.applyMany(steps, flagIds.length > 0 ? { files: { flagIds: [...flagIds], to } } : {});
    if (isSaved) clear();
  };
  const step = (by: number) => {
    if (rows.total) move(Math.max(0, Math.min(rows.total - 1, cursor + by)), 'only');
  };

  const group = 'Flags';
  const hasTarget = () => canDecide && targets.length > 0;
  useCommands([
    {
      id: 'flags.accept',
      title: 'Accept the proposed label',
      group,
      keys: ['A'],
      when: () => canDecide && proposals > 0,
      run: accept,
    },
    {
      id: 'flags.dismiss',
      title: 'Dismiss: the finding is wrong',
      group,
      keys: ['D'],
      when: hasTarget,
      run: () => void settle('dismissed'),
    },
    {
      id: 'flags.confirm',
      title: 'Confirm: the finding is right, change nothing yet',
      group,
      keys: ['C'],
      when: hasTarget,
      run: () => void settle('accepted'),
    },
    {
      id: 'flags.reopen',
      title: 'Open the flag again',
      group,
      when: hasTarget,
      run: () => void settle('open'),
    },
    {
      id: 'flags.next',
      title: 'Next flag',
      group,
      keys: ['J'],
      isHidden: true,
      isRepeating: true,
      run: () => step(1),
    },
    {
      id: 'flags.previous',
      title: 'Previous flag',
      group,
      keys: ['K'],
      isHidden: true,
      isRepeating: true,
      run: () => step(-1),
    },
    {
      id: 'flags.default',
      title: 'Review these flags',
      group,
      keys: ['Mod+Enter'],
      when: () => (rows.total ?? 0) > 0,
      run: () => openReview(reviewKinds),
    },
  ]);

  const found = (summary.data ?? []).reduce(
    (sum, { open, accepted, fixed, dismissed }) => sum + open + accepted + fixed + dismissed,
    0,
  );
  return (
    <section className="view flags" aria-label="Flags">
      <header className="view-head">
        <h1>Flags</h1>
        <SegmentedControl
          label="Status of the flags"
          options={statusOptions}
          value={status ?? 'any'}
          onChange={(next) => useFlagChoice.setState({ status: next === 'any' ? null : next })}
        />
        <span className="secondary ellipsis flags-count">
          {kind === null ? '' : `${flagTitles[kind]}: `}
          {rows.total === null ? '' : counted(rows.total, 'flag')}
          {selected.size > 1 ? `, ${count(selected.size)} selected` : ''}
        </span>
        <Button
          tone="primary"
          icon="review"
          isDisabled={!rows.total || kind === 'unreadable' || (status !== null && status !== 'open')}
          onPress={() => openReview(reviewKinds)}
        >
          Review these
        </Button>
      </header>
      <div className="view-body flags-body">
        <div className="flags-frame">
          <div className="flags-left">
            {summary.isError && !summary.data ? (
              <ErrorNotice error={errorDataOf(summary.error)} onRetry={() => void summary.refetch()} />
            ) : (
              <FlagKinds counts={summary.data ?? []} />
            )}
            <Thresholds />
          </div>
          <div className="flags-main">
            <div className="flags-table">
              {rows.error !== null ? (
                <ErrorNotice error={errorDataOf(rows.error)} onRetry={rows.refetch} />
              ) : (
                <VirtualGrid
                  label="Flags, worst first"
                  name="flags"
                  autoFocus
                  columns={columns}
                  rowCount={rows.total ?? 16}
                  rowAt={rows.rowAt}
                  rowHeight={rowHeight}
                  cursor={cursor}
                  onMove={move}
                  isSelected={(index) => {
                    const row = rows.rowAt(index);
                    return row !== undefined && (selected.size > 0 ? selected.has(row.id) : index === cursor);
                  }}
                  onSelectAll={selectAll}
                  onVisible={rows.onVisible}
                  onActivate={() => openReview(reviewKinds)}
                  rowsToCopy={async () => targets}
                  onCopied={(copied) =>
                    notify({ kind: 'done', lead: 'copied', text: counted(copied, 'flag') })
                  }
                  empty={
                    summary.data && (
                      <NoFlags
                        isSearched={found > 0}
                        status={status}
                        hasFilter={filter !== ''}
                        canDecide={canDecide}
                      />
                    )
                  }
                />
              )}
            </div>
            <FlagDetail
              flag={current}
              selected={selected.size}
              proposals={proposals}
              isSettled={targets.length > 0 && targets.every((flag) => flag.status !== 'open')}
              canDecide={canDecide}
              onAccept={accept}
              onConfirm={() => void settle('accepted')}
              onDismiss={() => void settle('dismissed')}
              onReopen={() => void settle('open')}
            />
          </div>
        </div>
      </div>
      <AcceptDialog groups={groups} onClose={() => setGroups([])} onAccept={() => void acceptAll(groups)} />
    </section>
  );
}

function NoFlags(props: {
  readonly isSearched: boolean;
  readonly status: FlagStatus | null;
  readonly hasFilter: boolean;
  readonly canDecide: boolean;
}) {
  const isFinding = useIsFinding();
  if (!props.isSearched)
    return (
      <EmptyState
        icon="flag"
        title="No flags"
        actions={
          <Button
            tone="primary"
            icon="search"
            isDisabled={!props.canDecide || isFinding}
            onPress={() =>
              void client.flags.find({}).catch((error: unknown) => notifyError(errorDataOf(error)))
            }
          >
            {isFinding ? 'Finding…' : 'Find flags'}
          </Button>
        }
      >
        Clips that are silent, clipped, cut or double, and with a run's probabilities the likely wrong labels.
      </EmptyState>
    );
  return (
    <EmptyState
      icon="check"
      title={props.status === 'open' ? 'Nothing open here' : 'None here'}
      actions={
        props.hasFilter && <Button onPress={() => useFilter.getState().clear()}>Clear the filter</Button>
      }
    >
      {props.hasFilter
        ? 'No clip of the filter has such a flag.'
        : props.status === 'open'
          ? 'Every finding of this kind was settled, or there was none.'
          : 'No flag of this kind has that status.'}
    </EmptyState>
  );
}
