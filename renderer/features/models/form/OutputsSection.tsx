// What the model gives: which output are scores and of what kind, which is the embedding, and the names of the classes.
import { SegmentedControl, Toggle } from '../../../ui/index.ts';
import { valueAt, withValue } from '../draft.ts';
import { shapeText } from '../layouts.ts';
import { ChoiceInput, TensorInput } from './fields.tsx';
import { useModelForm } from './form.ts';
import { Labels } from './Labels.tsx';

const kindOptions = [
  { id: 'probabilities', title: 'Probabilities', detail: 'as they are' },
  { id: 'logits', title: 'Logits', detail: 'before a softmax' },
  { id: 'sigmoid-logits', title: 'Logits, each by itself', detail: 'before a sigmoid each' },
  { id: 'binary', title: 'One probability', detail: 'of the second of two labels' },
  { id: 'binary-logit', title: 'One logit', detail: 'of the second of two labels' },
];

const poolingOptions = [
  { id: 'mean', title: 'Mean of its windows' },
  { id: 'max', title: 'Largest of its windows' },
  { id: 'first', title: 'First window' },
  { id: 'loudest', title: 'Loudest window' },
];

export function OutputsSection() {
  const { draft, change, problemOf, lastFile } = useModelForm();
  const hasScores = valueAt(draft, 'outputs.scores') !== undefined;
  const hasEmbedding = valueAt(draft, 'outputs.embedding') !== undefined;
  const outputs = lastFile?.outputs ?? [];
  const names = outputs.length > 0 ? outputs.map(({ name }) => name) : null;
  const setScores = (isOn: boolean) => {
    if (isOn) return change(withValue(draft, 'outputs.scores', { kind: 'logits' }));
    const { labels: _, labelsFile: __, ...rest } = withValue(draft, 'outputs.scores', undefined);
    change(rest);
  };
  return (
    <section className="models-section" aria-labelledby="models-outputs">
      <h3 id="models-outputs">What it gives</h3>
      {outputs.length > 0 && (
        <p className="secondary">
          Its outputs:{' '}
          {outputs.map(({ name, shape }, at) => (
            <span key={name}>
              {at > 0 && ', '}
              <bdi className="mono">{name}</bdi> {shapeText(shape)}
            </span>
          ))}
        </p>
      )}
      <Toggle
        label="Scores of classes"
        description="They become a run: predictions, confusions, likely wrong labels."
        isOn={hasScores}
        onChange={setScores}
      />
      {hasScores && (
        <>
          <div className="models-fields models-inset">
            <TensorInput path="outputs.scores.name" label="Output with the scores" names={names} />
            <ChoiceInput path="outputs.scores.kind" label="Its numbers are" options={kindOptions} />
          </div>
          <Labels />
        </>
      )}
      <Toggle
        label="An embedding"
        description="Neighbours, maps and class distances are made from it."
        isOn={hasEmbedding}
        onChange={(isOn) => change(withValue(draft, 'outputs.embedding', isOn ? {} : undefined))}
      />
      {hasEmbedding && (
        <div className="models-fields models-inset">
          <TensorInput path="outputs.embedding.name" label="Output with the embedding" names={names} />
        </div>
      )}
      {!hasScores && !hasEmbedding && <p className="field-error">{problemOf('outputs')}</p>}
      <div className="field">
        <span className="secondary">A clip has the</span>
        <SegmentedControl
          label="A clip has the"
          options={poolingOptions}
          value={String(valueAt(draft, 'pooling') ?? 'mean')}
          onChange={(pooling) => change(withValue(draft, 'pooling', pooling))}
        />
      </div>
    </section>
  );
}
