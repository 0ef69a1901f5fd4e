// The runs of the project: which one is in use, other names, and taking one out with a moment to change one's mind.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { z } from 'zod';
import type { ProjectInfo } from '../../../shared/contract/project.ts';
import type { runSummary } from '../../../shared/contract/runs.ts';
import { calls, client, errorDataOf } from '../../lib/client.ts';
import { runCommand } from '../../lib/commands.ts';
import { noteRevision } from '../../lib/events.ts';
import { count, counted, percent, when } from '../../lib/format.ts';
import { notifyError } from '../../lib/state/notices.ts';
import { Button, Dialog, EmptyState, ErrorNotice, Spinner, TextField } from '../../ui/index.ts';

type Run = z.infer<typeof runSummary>;

/** How long a removal can be called off. */
const REMOVAL_MS = 6000;

function useRemovals() {
  const [leaving, setLeaving] = useState<ReadonlySet<string>>(new Set());
  const timers = useRef(new Map<string, ReturnType<typeof setTimeout>>());
  const forget = (run: string) => {
    clearTimeout(timers.current.get(run));
    timers.current.delete(run);
    setLeaving((before) => new Set([...before].filter((other) => other !== run)));
  };
  const removeNow = (run: string) => {
    client.runs.remove({ run }).then(
      () => forget(run),
      (error: unknown) => {
        forget(run);
        notifyError(errorDataOf(error));
      },
    );
  };
  // Closing the dialog does not call removals off.
  useEffect(() => {
    const waiting = timers.current;
    return () => {
      for (const [run, timer] of waiting) {
        clearTimeout(timer);
        client.runs.remove({ run }).catch((error: unknown) => notifyError(errorDataOf(error)));
      }
      waiting.clear();
    };
  }, []);
  return {
    leaving,
    keep: forget,
    remove(run: string) {
      setLeaving((before) => new Set(before).add(run));
      timers.current.set(
        run,
        setTimeout(() => removeNow(run), REMOVAL_MS),
      );
    },
  };
}

export function RunsDialog(props: {
  readonly project: ProjectInfo;
  readonly onImport: () => void;
  readonly onClose: () => void;
}) {
  const { project, onImport, onClose } = props;
  const runs = useQuery(calls.runs.list.queryOptions());
  const { leaving, keep, remove } = useRemovals();
  const use = async (run: string) => {
    try {
      noteRevision((await client.project.setPreferences({ runInUse: run })).revision);
    } catch (error) {
      notifyError(errorDataOf(error));
    }
  };
  return (
    <Dialog
      title="Model runs"
      size="large"
      isOpen
      onClose={onClose}
      footnote="The run in use fills the table, the confusions and the label flags."
      actions={
        <>
          <Button
            icon="file"
            isDisabled={project.isReadOnly || project.clips === 0}
            onPress={() => {
              onClose();
              runCommand('models.run');
            }}
          >
            Run a model…
          </Button>
          <Button
            icon="run"
            isDisabled={project.isReadOnly}
            onPress={() => {
              onClose();
              runCommand('embeddings.probabilities');
            }}
          >
            Make without a model…
          </Button>
          <Button icon="import" isDisabled={project.isReadOnly} onPress={onImport}>
            Import predictions…
          </Button>
        </>
      }
    >
      {runs.isPending && <Spinner label="Reading the runs" />}
      {runs.error && <ErrorNotice error={errorDataOf(runs.error)} onRetry={() => void runs.refetch()} />}
      {runs.data?.length === 0 && (
        <EmptyState icon="run" title="No model runs yet">
          Bring the predictions of a model to see what it confuses, and which labels are likely wrong.
        </EmptyState>
      )}
      <ul className="runs-list">
        {runs.data?.map((run) => (
          <RunRow
            key={run.name}
            run={run}
            others={runs.data.filter((other) => other !== run).map((other) => other.name)}
            isInUse={run.name === project.runInUse}
            isReadOnly={project.isReadOnly}
            isLeaving={leaving.has(run.name)}
            onUse={() => void use(run.name)}
            onRemove={() => remove(run.name)}
            onKeep={() => keep(run.name)}
          />
        ))}
      </ul>
    </Dialog>
  );
}

function RunRow(props: {
  readonly run: Run;
  readonly others: readonly string[];
  readonly isInUse: boolean;
  readonly isReadOnly: boolean;
  readonly isLeaving: boolean;
  readonly onUse: () => void;
  readonly onRemove: () => void;
  readonly onKeep: () => void;
}) {
  const { run, others, isInUse, isReadOnly } = props;
  const [newName, setNewName] = useState<string | null>(null);
  const wanted = newName?.trim() ?? '';
  const isTaken = others.includes(wanted);
  const rename = async () => {
    if (wanted === '' || isTaken) return;
    try {
      if (wanted !== run.name) await client.runs.rename({ run: run.name, to: wanted });
      setNewName(null);
    } catch (error) {
      notifyError(errorDataOf(error));
    }
  };
  if (props.isLeaving) {
    return (
      <li className="is-leaving">
        <span className="secondary">
          <bdi>{run.name}</bdi> is being removed. Its file <bdi className="mono">{run.source}</bdi> is not
          touched.
        </span>
        <Button isSmall autoFocus onPress={props.onKeep}>
          Keep it
        </Button>
      </li>
    );
  }
  if (newName !== null) {
    return (
      <li>
        <TextField
          label="New name of the run"
          isLabelHidden
          autoFocus
          value={newName}
          onChange={setNewName}
          onSubmit={() => void rename()}
          error={isTaken ? 'Another run has this name.' : null}
        />
        <span className="runs-row-actions">
          <Button isSmall onPress={() => setNewName(null)}>
            Cancel
          </Button>
          <Button isSmall tone="primary" isDisabled={wanted === '' || isTaken} onPress={() => void rename()}>
            Rename
          </Button>
        </span>
      </li>
    );
  }
  return (
    <li>
      <span className="runs-row-words">
        <span>
          <bdi className="runs-name">{run.name}</bdi>
          {isInUse && <span className="right small"> in use</span>}
        </span>
        <span className="secondary small">
          {run.accuracy !== null && `accuracy ${percent(run.accuracy)}, `}
          {count(run.matched)} of {counted(run.rows, 'row')} matched, {counted(run.labels.length, 'label')},{' '}
          {run.hasProbabilities ? 'probabilities' : 'predictions only'}, from <bdi>{run.source}</bdi>,{' '}
          {when(run.createdAt)}
        </span>
      </span>
      <span className="runs-row-actions">
        {!isInUse && (
          <Button isSmall isDisabled={isReadOnly} onPress={props.onUse}>
            Use
          </Button>
        )}
        <Button isSmall isDisabled={isReadOnly} onPress={() => setNewName(run.name)}>
          Rename…
        </Button>
        <Button isSmall tone="danger" isDisabled={isReadOnly} onPress={props.onRemove}>
          Remove
        </Button>
      </span>
    </li>
  );
}
