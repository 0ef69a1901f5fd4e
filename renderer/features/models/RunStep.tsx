// What a run over the whole dataset leaves behind: a run, an embedding or both, under names that are free.
import { useState } from 'react';
import type { ProjectInfo } from '../../../shared/contract/project.ts';
import { errorDataOf } from '../../lib/client.ts';
import { counted } from '../../lib/format.ts';
import { ErrorNotice, TextField, Toggle } from '../../ui/index.ts';
import { freeName, nameProblem, useEmbeddings } from '../embeddings/index.ts';
import { isTriedWell, type Model } from './use-model.ts';

type What = 'run' | 'embedding';

/** Names of what shall be made; null = not wanted or not among what the model gives. */
export function useWanted(model: Model, project: ProjectInfo) {
  const embeddings = useEmbeddings();
  const [typed, setTyped] = useState<Readonly<Record<What, string | null>>>({ run: null, embedding: null });
  const [isOff, setIsOff] = useState<Readonly<Record<What, boolean>>>({ run: false, embedding: false });
  const [isUsed, setIsUsed] = useState(true);
  const { outputs, name = '' } = model.complete ?? {};
  const part = (what: What, isGiven: boolean, taken: readonly string[]) => {
    const text = typed[what] ?? freeName(name, taken);
    const isWanted = isGiven && !isOff[what];
    return {
      isGiven,
      isWanted,
      text,
      problem: isWanted
        ? text.trim() === ''
          ? 'A name is needed.'
          : nameProblem(text.trim(), taken, what)
        : null,
      setText: (next: string) => setTyped((before) => ({ ...before, [what]: next })),
      setWanted: (next: boolean) => setIsOff((before) => ({ ...before, [what]: !next })),
    };
  };
  const run = part(
    'run',
    outputs?.scores !== undefined,
    project.runs.map((other) => other.name),
  );
  const embedding = part(
    'embedding',
    outputs?.embedding !== undefined,
    embeddings.data?.map((other) => other.name) ?? [],
  );
  return {
    run,
    embedding,
    isUsed,
    setIsUsed,
    isPossible: (run.isWanted || embedding.isWanted) && run.problem === null && embedding.problem === null,
  };
}

export type Wanted = ReturnType<typeof useWanted>;

export function RunStep(props: {
  readonly model: Model;
  readonly wanted: Wanted;
  readonly project: ProjectInfo;
  readonly failure: unknown;
  readonly onSubmit: () => void;
}) {
  const { model, wanted, project, failure, onSubmit } = props;
  const { run, embedding } = wanted;
  if (!run.isGiven && !embedding.isGiven) {
    return (
      <div className="models-step">
        <p className="secondary">
          The description does not say yet which output holds scores or an embedding.
        </p>
      </div>
    );
  }
  return (
    <div className="models-step">
      <p className="secondary">
        Over {counted(project.clips + project.noiseClips, 'clip')}, here on this machine. It can be cancelled
        and goes on later with the clips that are left.
        {!isTriedWell(model) && ' Trying three clips first shows in seconds what would spoil it.'}
      </p>
      <WantedPart
        part={run}
        title="A run of the scores"
        about="Predictions, confusions, likely wrong labels."
        nameLabel="Name of the run"
        onSubmit={onSubmit}
      />
      <WantedPart
        part={embedding}
        title="An embedding"
        about="Neighbours, maps, distances of classes."
        nameLabel="Name of the embedding"
        onSubmit={onSubmit}
      />
      <Toggle
        label="Use them in every view when they are done"
        description="Confusions, classes and the table then follow the run; neighbours and maps the embedding."
        isOn={wanted.isUsed}
        onChange={wanted.setIsUsed}
      />
      {failure !== null && <ErrorNotice error={errorDataOf(failure)} />}
    </div>
  );
}

function WantedPart(props: {
  readonly part: Wanted[What];
  readonly title: string;
  readonly about: string;
  readonly nameLabel: string;
  readonly onSubmit: () => void;
}) {
  const { part, title, about, nameLabel, onSubmit } = props;
  if (!part.isGiven) return null;
  return (
    <div className="models-wanted">
      <Toggle label={title} description={about} isOn={part.isWanted} onChange={part.setWanted} />
      <TextField
        label={nameLabel}
        value={part.text}
        onChange={part.setText}
        onSubmit={onSubmit}
        isDisabled={!part.isWanted}
        error={part.problem}
      />
    </div>
  );
}
