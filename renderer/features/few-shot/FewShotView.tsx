// Few-shot keyword: five examples of a word, a head trained in seconds, the clips that say it ranked to listen through.
import { useState } from 'react';
import { errorDataOf } from '../../lib/client.ts';
import { useCommands } from '../../lib/commands.ts';
import { useProject } from '../../lib/project.ts';
import { useSelection } from '../../lib/state/selection.ts';
import { EmptyState, ErrorNotice, Spinner } from '../../ui/index.ts';
import { NoEmbedding, useEmbeddings } from '../embeddings/index.ts';
import { Candidates } from './Candidates.tsx';
import { canUseSelection, Examples, exampleFromSelection } from './Examples.tsx';
import { Recorder } from './Recorder.tsx';
import { useFewShot } from './state.ts';
import { canTrain, Training } from './Training.tsx';
import { train } from './train.ts';

export function FewShotView() {
  const project = useProject();
  const { data, error, isPending, refetch } = useEmbeddings(project !== null);
  return (
    <section className="view few-shot" aria-label="Few-shot keyword">
      <header className="view-head">
        <h1>Few-shot keyword</h1>
        <span className="secondary">A new word from about five examples.</span>
      </header>
      <div className="view-body few-shot-body">
        {error && !data ? (
          <ErrorNotice error={errorDataOf(error)} onRetry={() => void refetch()} />
        ) : isPending ? (
          <div className="view-pad">
            <Spinner label="Looking for an embedding" />
          </div>
        ) : data.length === 0 ? (
          <NoEmbedding what="From a few examples of a word the studio learns to find it in all other clips." />
        ) : (
          <Steps />
        )}
      </div>
    </section>
  );
}

function Steps() {
  const state = useFewShot();
  const [isRecording, setIsRecording] = useState(false);
  const hasCandidates = state.result !== null;
  useCommands([
    {
      id: 'few-shot.selection',
      title: 'Take the selection as examples',
      group: 'Few-shot keyword',
      when: () => canUseSelection(useSelection.getState().selected),
      run: () => void exampleFromSelection(),
    },
    {
      id: 'few-shot.train',
      title: 'Train and rank',
      group: 'Few-shot keyword',
      keys: ['Mod+Enter'],
      when: () => canTrain(useFewShot.getState()),
      run: () => void train(),
    },
  ]);
  return (
    <div className="few-shot-frame">
      <div className="few-shot-side">
        <Examples isRecording={isRecording} onRecord={() => setIsRecording(true)} />
        <Training />
      </div>
      <div className="few-shot-main">
        {isRecording && <Recorder word={state.word} onClose={() => setIsRecording(false)} />}
        {state.result ? (
          <Candidates result={state.result} />
        ) : (
          !isRecording && <Explained hasExamples={state.examples.length > 0} isTraining={state.isTraining} />
        )}
        {isRecording && !hasCandidates && (
          <p className="few-shot-none secondary">
            Recordings are kept in the project, as a small dataset of their own.
          </p>
        )}
      </div>
    </div>
  );
}

function Explained(props: { readonly hasExamples: boolean; readonly isTraining: boolean }) {
  if (props.isTraining) {
    return (
      <div className="view-pad">
        <Spinner label="Training and ranking" />
      </div>
    );
  }
  return (
    <EmptyState
      icon="microphone"
      title={props.hasExamples ? 'Name the word and train' : 'Begin with examples'}
    >
      {props.hasExamples ? (
        <p>
          Training takes seconds. Then every other clip is ranked by how likely it says the word, with a
          threshold whose false accepts are measured on held-out clips.
        </p>
      ) : (
        <>
          <p>
            Select about five clips that clearly say one word, in Clips or on the map, and take the selection.
            Or record the word yourself.
          </p>
          <p>Different voices are better than one voice five times.</p>
        </>
      )}
    </EmptyState>
  );
}
