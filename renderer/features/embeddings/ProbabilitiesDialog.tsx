// A run without a model: K-fold logistic regression on an embedding gives every clip probabilities from a classifier
// that never saw it. Confusions, figures per class and likely wrong labels then work as with any model.
import { useState } from 'react';
import type { ProjectInfo } from '../../../shared/contract/project.ts';
import { client, errorDataOf } from '../../lib/client.ts';
import { counted } from '../../lib/format.ts';
import {
  Button,
  Dialog,
  ErrorNotice,
  NumberField,
  SegmentedControl,
  Select,
  Spinner,
  TextField,
  Toggle,
} from '../../ui/index.ts';
import { nameProblem } from './MakeDialog.tsx';
import { NoEmbedding } from './NoEmbedding.tsx';
import { freeName, useEmbeddings } from './use-embeddings.ts';

type By = 'label' | 'speaker';

const reasons: Readonly<Record<By, string>> = {
  label:
    'Every fold has its share of each label. Best for finding wrong labels: the classifier knows the voices, so what it doubts is the label.',
  speaker:
    'A speaker’s clips are all in one fold, so the figures are those for voices that were never heard. Voices unlike the others are doubted more.',
};

export function ProbabilitiesDialog(props: {
  readonly project: ProjectInfo;
  readonly onMake: () => void;
  /** Told the job and the run that every view shall show when it is done. */
  readonly onStarted: (jobId: string, run: string) => void;
  readonly onClose: () => void;
}) {
  const { project, onClose } = props;
  const embeddings = useEmbeddings();
  const [chosen, setChosen] = useState<string | null>(null);
  const [typedName, setName] = useState<string | null>(null);
  const [folds, setFolds] = useState(5);
  const [by, setBy] = useState<By>('label');
  const [isUsed, setIsUsed] = useState(true);
  const [isStarting, setIsStarting] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const taken = project.runs.map(({ name }) => name);
  const embedding = chosen ?? embeddings.inUse?.name ?? embeddings.data?.[0]?.name ?? null;
  const run = typedName ?? freeName('own probabilities', taken);
  const problem = nameProblem(run.trim(), taken, 'run');
  const canSplitBySpeaker = project.speakers > 1;
  const isPossible = embedding !== null && run.trim() !== '' && problem === null && !isStarting;
  const start = async () => {
    if (!isPossible) return;
    setIsStarting(true);
    try {
      const name = run.trim();
      const { jobId } = await client.embeddings.probabilities({ embedding, run: name, folds, by, seed: 0 });
      if (isUsed) props.onStarted(jobId, name);
      onClose();
    } catch (error) {
      setFailure(error);
      setIsStarting(false);
    }
  };
  return (
    <Dialog
      title="Make out-of-sample probabilities"
      isOpen
      onClose={onClose}
      footnote="Seed 0: the same again gives the same numbers."
      actions={
        embedding === null ? null : (
          <Button tone="primary" isDisabled={!isPossible} onPress={() => void start()}>
            {isStarting ? 'Starting' : 'Make the run'}
          </Button>
        )
      }
    >
      {embeddings.isPending ? (
        <Spinner label="Reading the embeddings" />
      ) : embeddings.error && !embeddings.data ? (
        <ErrorNotice error={errorDataOf(embeddings.error)} onRetry={() => void embeddings.refetch()} />
      ) : embedding === null ? (
        <NoEmbedding what="Probabilities are learnt from the sound and the labels of the other clips." />
      ) : (
        <div className="embeddings-form">
          <p className="secondary">
            A simple classifier is learnt on the other folds and asked about each clip it did not see. No
            model of yours is needed.
          </p>
          <Select
            label="Embedding"
            options={(embeddings.data ?? []).map(({ name, rows, isInUse }) => ({
              id: name,
              title: name,
              detail: `${counted(rows, 'clip')}${isInUse ? ', in use' : ''}`,
            }))}
            value={embedding}
            onChange={setChosen}
          />
          <TextField
            label="Name of the run"
            value={run}
            onChange={setName}
            onSubmit={() => void start()}
            error={problem}
          />
          <div className="embeddings-folds">
            <NumberField
              label="Folds"
              value={folds}
              onChange={(next) => setFolds(Math.max(2, Math.min(50, Math.round(next))))}
              min={2}
              max={50}
            />
            <div className="field">
              <span className="secondary">Folds are made</span>
              <SegmentedControl
                label="How folds are made"
                options={[
                  { id: 'label', title: 'By label' },
                  { id: 'speaker', title: 'By speaker' },
                ]}
                value={by}
                onChange={setBy}
                isDisabled={!canSplitBySpeaker}
              />
            </div>
          </div>
          <p className="field-description">
            {reasons[by]}
            {!canSplitBySpeaker && ' By speaker needs clips whose speakers are known.'}
          </p>
          <Toggle
            label="Show it in every view when it is done"
            description="Confusions, classes and the table then follow this run."
            isOn={isUsed}
            onChange={setIsUsed}
          />
          {failure !== null && <ErrorNotice error={errorDataOf(failure)} />}
        </div>
      )}
    </Dialog>
  );
}
