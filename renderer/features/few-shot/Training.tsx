// Step 2: the word, how many other words may pass, and the figures of the head once it is trained.

import { runCommand } from '../../lib/commands.ts';
import { useJobs } from '../../lib/events.ts';
import { counted } from '../../lib/format.ts';
import { useProject } from '../../lib/project.ts';
import { Button, ErrorNotice, NumberField, ProgressBar, TextField } from '../../ui/index.ts';
import { figuresOf } from './figures.ts';
import { FEWEST_EXAMPLES, useFewShot } from './state.ts';
import { train } from './train.ts';

const LEAST_PERCENT = 0.01;
const MOST_PERCENT = 50;

export function canTrain({ examples, word, isTraining }: ReturnType<typeof useFewShot.getState>): boolean {
  return examples.length >= FEWEST_EXAMPLES && word.trim() !== '' && !isTraining;
}

export function Training() {
  const state = useFewShot();
  const { word, wantedPercent, isTraining, jobId, result, examples, trainedOn, error } = state;
  const project = useProject();
  const job = useJobs(({ jobs }) => jobs.find(({ id }) => id === jobId));
  const isKnown = project?.labels.find(({ label }) => label === word.trim());
  const isChanged = result !== null && (trainedOn !== examples || result.label !== word.trim());
  return (
    <section className="few-shot-training" aria-labelledby="few-shot-training">
      <h2 id="few-shot-training">2 Train</h2>
      <TextField
        label="Word"
        value={word}
        onChange={(next) => useFewShot.setState({ word: next })}
        description={
          isKnown
            ? `${counted(isKnown.count, 'clip')} have this label; they are not taken as other words.`
            : word.trim() !== '' && 'A new label.'
        }
      />
      <NumberField
        label="Other words that may pass"
        value={wantedPercent}
        onChange={(next) =>
          useFewShot.setState({ wantedPercent: Math.max(LEAST_PERCENT, Math.min(MOST_PERCENT, next)) })
        }
        min={LEAST_PERCENT}
        max={MOST_PERCENT}
        step={0.01}
        unit="%"
        description="The threshold is set for this share, and measured on other clips."
      />
      <Button
        tone={result === null || isChanged ? 'primary' : 'plain'}
        isDisabled={!canTrain(state)}
        onPress={() => void train()}
      >
        {isTraining ? 'Training' : result === null ? 'Train and rank' : 'Train again'}
      </Button>
      {examples.length === 1 && <p className="secondary small">Two examples at least; five are good.</p>}
      {isTraining && (
        <div className="few-shot-progress" role="status">
          <span className="secondary small">{job?.phase ?? 'starting'}</span>
          <ProgressBar label={job?.title ?? 'Training'} done={job?.done ?? 0} total={job?.total ?? null} />
        </div>
      )}
      {error && (
        <>
          <ErrorNotice error={error} />
          {error.code === 'few-shot/no-row' && (
            <Button isSmall onPress={() => runCommand('embeddings.list')}>
              Embeddings…
            </Button>
          )}
        </>
      )}
      {result && !error && (
        <div className={`few-shot-figures${isTraining ? ' is-stale' : ''}`}>
          <dl>
            {figuresOf(result).map(({ title, value, note }) => (
              <div key={title}>
                <dt className="secondary">{title}</dt>
                <dd>
                  <strong>{value}</strong> <span className="secondary small">{note}</span>
                </dd>
              </div>
            ))}
          </dl>
          {result.notes.map((note) => (
            <p key={note} className="secondary small">
              {note}
            </p>
          ))}
          <p className="secondary small">
            On <bdi>{result.embedding}</bdi>, {result.seconds.toFixed(1)} s
            {isChanged && <span className="warn">; examples or word changed since</span>}
          </p>
        </div>
      )}
    </section>
  );
}
