// The files of the model in the order in which they run, and the shape in which each takes its numbers.
import { useState } from 'react';
import { Button, Select, Toggle } from '../../../ui/index.ts';
import { valueAt, withoutStage, withValue } from '../draft.ts';
import { axesOf, axisWords, layoutsFor, layoutText, outputLayouts, shapeText } from '../layouts.ts';
import { ChoiceInput, ListInput, NumberInput, TensorInput, TextInput } from './fields.tsx';
import { useModelForm } from './form.ts';
import { padOptions, tailOptions } from './SoundSection.tsx';
import { Extras } from './StageExtras.tsx';

export function StagesSection() {
  const { draft, change, addStage, isAdding } = useModelForm();
  const stages = valueAt(draft, 'stages');
  const count = Array.isArray(stages) ? stages.length : 0;
  return (
    <section className="models-section" aria-labelledby="models-stages">
      <h3 id="models-stages">{count > 1 ? 'Files, one after the other' : 'How it takes its numbers'}</h3>
      {Array.from({ length: count }, (_, at) => (
        <fieldset
          // biome-ignore lint/suspicious/noArrayIndexKey: stages are told apart by their place
          key={at}
          className="models-stage"
          {...(count > 1 ? {} : { 'aria-label': 'Input' })}
        >
          {count > 1 && <legend className="secondary">File {at + 1}</legend>}
          <Stage at={at} isLast={at === count - 1} />
          {count > 1 && (
            <Button isSmall tone="danger" onPress={() => change(withoutStage(draft, at))}>
              Take this file out
            </Button>
          )}
        </fieldset>
      ))}
      <div className="models-line">
        <Button isSmall icon="plus" isDisabled={isAdding || count >= 8} onPress={addStage}>
          {isAdding ? 'Looking into the file' : 'Add a file that comes after…'}
        </Button>
        <span className="secondary small">It takes what the one before it gives.</span>
      </div>
    </section>
  );
}

function Stage({ at, isLast }: { readonly at: number; readonly isLast: boolean }) {
  const { draft, change, files } = useModelForm();
  const path = `stages.${at}`;
  const file = files.get(String(valueAt(draft, `${path}.file`)));
  const isRaw = (valueAt(draft, 'frontEnd.kind') ?? 'raw') === 'raw';
  const isSamples = at === 0 && isRaw;
  const inputName = valueAt(draft, `${path}.input.name`);
  const taken = new Set(
    ['states', 'constants'].flatMap((list) => {
      const entries = valueAt(draft, `${path}.${list}`);
      return Array.isArray(entries) ? entries.map((entry: unknown) => valueAt(entry, 'input')) : [];
    }),
  );
  const free = file?.inputs.filter(({ name }) => !taken.has(name)) ?? [];
  const input = free.find(({ name }) => name === inputName) ?? (free.length === 1 ? free[0] : undefined);
  const hasFrames = valueAt(draft, `${path}.input.frames`) instanceof Object;
  const frames = `${path}.input.frames`;
  return (
    <>
      <div className="models-fields">
        <TextInput path={`${path}.file`} label="File, beside the description" />
        <TensorInput path={`${path}.input.name`} label="Input" names={namesOf(free)} />
        <LayoutInput
          path={`${path}.input.layout`}
          label="Shape of the input"
          {...(input ? { wanted: shapeText(input.shape) } : {})}
          of={isSamples ? 'samples' : 'frames'}
          rank={input?.shape?.length ?? null}
        />
        <NumberInput path={`${path}.input.scale`} label="Values times" />
        <NumberInput path={`${path}.input.offset`} label="then plus" />
        <NumberInput path={`${path}.batch`} label="Windows at once, at most" />
      </div>
      {!isSamples && (
        <Toggle
          label="Cut what comes in into windows of frames"
          isOn={hasFrames}
          onChange={(isOn) => change(withValue(draft, frames, isOn ? { length: 98 } : undefined))}
        />
      )}
      {hasFrames && !isSamples && (
        <div className="models-fields">
          <NumberInput path={`${frames}.length`} label="Window (frames)" />
          <NumberInput path={`${frames}.hop`} label="From window to window" whenEmpty="as long as a window" />
          <ChoiceInput path={`${frames}.pad`} label="Fewer frames than a window" options={padOptions} />
          <ChoiceInput path={`${frames}.tail`} label="The last window" options={tailOptions} />
        </div>
      )}
      {!isLast && (
        <div className="models-fields">
          <TensorInput
            path={`${path}.output.name`}
            label="Output for the next file"
            names={namesOf(file?.outputs ?? [])}
          />
          <LayoutInput
            path={`${path}.output.layout`}
            label="Shape of that output"
            of="output"
            rank={file?.outputs.length === 1 ? (file.outputs[0]?.shape?.length ?? null) : null}
          />
        </div>
      )}
      <Extras path={path} names={namesOf(file?.inputs ?? [])} />
    </>
  );
}

function namesOf(tensors: readonly { readonly name: string }[]): string[] | null {
  return tensors.length === 0 ? null : tensors.map(({ name }) => name);
}

const FREE = 'free';

function LayoutInput(props: {
  readonly path: string;
  readonly label: string;
  readonly of: 'samples' | 'frames' | 'output';
  readonly rank: number | null;
  /** What the model says of it. */
  readonly wanted?: string;
}) {
  const { path, label, rank, wanted } = props;
  const { draft, change, problemOf } = useModelForm();
  const [isFree, setIsFree] = useState(false);
  const layouts = props.of === 'output' ? outputLayouts(rank) : layoutsFor(props.of === 'samples', rank);
  const current = layoutText(valueAt(draft, path));
  const known = isFree ? undefined : layouts.find(({ id }) => id === current);
  const isTyped = known === undefined && current !== '';
  return (
    <div className="models-layout">
      <Select
        label={label}
        {...(wanted === undefined ? {} : { description: `The model wants ${wanted}.` })}
        options={[...layouts, { id: FREE, title: 'Another shape…' }]}
        value={known?.id ?? (current === '' ? null : FREE)}
        onChange={(id) => {
          setIsFree(id === FREE);
          const axes = layouts.find((layout) => layout.id === id)?.axes;
          if (axes) change(withValue(draft, path, [...axes]));
        }}
      />
      {(isTyped || isFree) && (
        <ListInput
          path={path}
          label="Its axes, in order"
          read={axesOf}
          show={layoutText}
          description={`Of ${axisWords}.`}
        />
      )}
      {!isTyped && !isFree && problemOf(path) !== null && <p className="field-error">{problemOf(path)}</p>}
    </div>
  );
}
