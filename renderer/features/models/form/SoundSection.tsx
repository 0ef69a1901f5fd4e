// Name and rate of the model, and what of a clip it gets: the whole of it, or windows.
import { SegmentedControl } from '../../../ui/index.ts';
import { valueAt, withValue } from '../draft.ts';
import { ChoiceInput, NumberInput, TextInput } from './fields.tsx';
import { useModelForm } from './form.ts';

export const padOptions = [
  { id: 'end', title: 'Silence after the clip' },
  { id: 'centre', title: 'The clip in the middle' },
  { id: 'repeat', title: 'The clip over and over' },
];

export const tailOptions = [
  { id: 'shift', title: 'Moved back into the clip' },
  { id: 'pad', title: 'Filled up' },
  { id: 'drop', title: 'Left out' },
];

export function SoundSection() {
  const { draft, change } = useModelForm();
  const take = valueAt(draft, 'clip.take') === 'windows' ? 'windows' : 'whole';
  const setTake = (next: 'whole' | 'windows') => {
    const pad = valueAt(draft, 'clip.pad');
    const kept = pad === undefined ? {} : { pad };
    const rate = Number(valueAt(draft, 'sampleRate')) || 16_000;
    change(
      withValue(draft, 'clip', { take: next, ...(next === 'windows' ? { samples: rate } : {}), ...kept }),
    );
  };
  return (
    <section className="models-section" aria-labelledby="models-sound">
      <h3 id="models-sound">The model and its sound</h3>
      <div className="models-fields">
        <TextInput path="name" label="Name of the model" />
        <NumberInput path="sampleRate" label="Sample rate (Hz)" />
      </div>
      <TextInput path="about" label="Where it is from, licence, remarks" isOptional />
      <div className="field">
        <span className="secondary">What of a clip it gets</span>
        <SegmentedControl
          label="What of a clip it gets"
          options={[
            { id: 'whole', title: 'The whole clip' },
            { id: 'windows', title: 'Windows' },
          ]}
          value={take}
          onChange={setTake}
        />
      </div>
      <div className="models-fields">
        {take === 'windows' ? (
          <>
            <NumberInput path="clip.samples" label="Window (samples)" />
            <NumberInput path="clip.hop" label="From window to window" whenEmpty="as long as a window" />
            <NumberInput path="clip.lead" label="Silence put before (samples)" />
            <ChoiceInput path="clip.pad" label="Clips shorter than a window" options={padOptions} />
            <ChoiceInput path="clip.tail" label="The last window" options={tailOptions} />
          </>
        ) : (
          <>
            <NumberInput path="clip.minSamples" label="At least (samples)" />
            <ChoiceInput path="clip.pad" label="Shorter clips" options={padOptions} />
            <NumberInput path="clip.maxSeconds" label="At most (seconds)" />
          </>
        )}
      </div>
    </section>
  );
}
