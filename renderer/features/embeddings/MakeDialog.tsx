// Choosing what an embedding is made with. The job then embeds every clip and finds its neighbours.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Radio, RadioGroup } from 'react-aria-components';
import { calls, client, errorDataOf } from '../../lib/client.ts';
import { count } from '../../lib/format.ts';
import { useProject } from '../../lib/project.ts';
import { Button, Dialog, ErrorNotice, Spinner, TextField } from '../../ui/index.ts';
import { freeName, useEmbeddings } from './use-embeddings.ts';

export const LONGEST_NAME = 120;

/** Why a name cannot be taken; null when it can. */
export function nameProblem(name: string, taken: readonly string[], what: string): string | null {
  if (taken.includes(name)) return `Another ${what} has this name.`;
  return name.length > LONGEST_NAME ? `At most ${LONGEST_NAME} characters.` : null;
}

export function MakeDialog({ onClose }: { readonly onClose: () => void }) {
  const project = useProject();
  const models = useQuery(calls.embeddings.builtin.queryOptions());
  const embeddings = useEmbeddings();
  const [chosen, setChosen] = useState<string | null>(null);
  const [typedName, setName] = useState<string | null>(null);
  const [isStarting, setIsStarting] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const taken = embeddings.data?.map(({ name }) => name) ?? [];
  const model = models.data?.find(({ name }) => name === chosen) ?? models.data?.[0] ?? null;
  const name = typedName ?? freeName(model?.name ?? '', taken);
  const problem = nameProblem(name.trim(), taken, 'embedding');
  const isPossible = model !== null && name.trim() !== '' && problem === null && !isStarting;
  const start = async () => {
    if (!isPossible) return;
    setIsStarting(true);
    try {
      await client.embeddings.make({ name: name.trim(), model: model.name });
      onClose();
    } catch (error) {
      setFailure(error);
      setIsStarting(false);
    }
  };
  return (
    <Dialog
      title="Make an embedding"
      isOpen
      onClose={onClose}
      footnote={`Runs here, over ${count((project?.clips ?? 0) + (project?.noiseClips ?? 0))} clips. Nothing leaves this machine.`}
      actions={
        <Button tone="primary" keys="Enter" isDisabled={!isPossible} onPress={() => void start()}>
          {isStarting ? 'Starting' : 'Make it'}
        </Button>
      }
    >
      <div className="embeddings-form">
        <p className="secondary">
          An embedding places every clip so that clips that sound alike lie close together: neighbours, the
          distances of classes, maps, probabilities and few-shot keywords are made from it.
        </p>
        {models.isPending && <Spinner label="Looking what there is" />}
        {models.error && (
          <ErrorNotice error={errorDataOf(models.error)} onRetry={() => void models.refetch()} />
        )}
        {models.data && model && (
          <RadioGroup
            className="embeddings-models"
            aria-label="Made with"
            value={model.name}
            onChange={setChosen}
          >
            {models.data.map(({ name: id, title, about, dimensions }, index) => (
              <Radio key={id} value={id} className="embeddings-model">
                <span className="radio-mark" aria-hidden="true" />
                <span>
                  <strong>{title}</strong>{' '}
                  <span className="secondary small">
                    {id}, {count(dimensions)} dimensions
                    {index === 0 && models.data.length > 1 && <span className="right"> recommended</span>}
                  </span>
                  <span className="field-description">{about}</span>
                </span>
              </Radio>
            ))}
          </RadioGroup>
        )}
        <TextField
          label="Name"
          value={name}
          onChange={setName}
          onSubmit={() => void start()}
          error={problem}
        />
        {failure !== null && <ErrorNotice error={errorDataOf(failure)} />}
      </div>
    </Dialog>
  );
}
