// What is made of the samples before the model sees them: nothing, log-mel or MFCC, with every convention by name.
import { frontEndPresets } from '../../../../shared/domain/front-end.ts';
import { SegmentedControl, Select } from '../../../ui/index.ts';
import { isSame, shownAt, valueAt, withFrontEnd, withValue } from '../draft.ts';
import { type Convention, conventionGroups, scaleOfSamples } from './conventions.ts';
import { ChoiceInput, NumberInput } from './fields.tsx';
import { useModelForm } from './form.ts';

type Kind = 'raw' | 'log-mel' | 'mfcc';
type PresetName = keyof typeof frontEndPresets;

const kinds: readonly { readonly id: Kind; readonly title: string }[] = [
  { id: 'raw', title: 'Samples' },
  { id: 'log-mel', title: 'Log-mel' },
  { id: 'mfcc', title: 'MFCC' },
];

const presetTitles: Readonly<Record<PresetName, string>> = {
  'earmark-log-mel-40': 'Earmark, log-mel of 40 bands',
  'earmark-log-mel-40-slaney': 'Log-mel of 40 bands, Slaney',
  'speech-commands-mfcc-40': 'TensorFlow speech_commands, MFCC',
};

export function FrontEndSection() {
  const { draft, change, problemOf } = useModelForm();
  const kind = (valueAt(draft, 'frontEnd.kind') as Kind | undefined) ?? 'raw';
  const groups = conventionGroups.filter(({ only }) => only === undefined || only === kind);
  const own = problemOf('frontEnd.log');
  return (
    <section className="models-section" aria-labelledby="models-front-end">
      <h3 id="models-front-end">What the model sees of the sound</h3>
      <div className="models-line">
        <SegmentedControl
          label="Front end"
          options={kinds}
          value={kind}
          onChange={(next) => change(withFrontEnd(draft, next))}
        />
        {kind !== 'raw' && <Presets />}
      </div>
      {kind === 'raw' ? (
        <div className="models-fields">
          <Field convention={scaleOfSamples} />
        </div>
      ) : (
        groups.map(({ title, conventions }) => (
          <fieldset key={title} className="models-group">
            <legend className="secondary">{title}</legend>
            <div className="models-fields">
              {conventions.map((convention) => (
                <Field key={convention.path} convention={convention} />
              ))}
            </div>
          </fieldset>
        ))
      )}
      {own !== null && kind !== 'raw' && <p className="field-error">{own}</p>}
    </section>
  );
}

function Field({ convention }: { readonly convention: Convention }) {
  const { path, label, options, isNumber, whenEmpty } = convention;
  return options ? (
    <ChoiceInput path={path} label={label} options={options} isNumber={isNumber ?? false} />
  ) : (
    <NumberInput path={path} label={label} {...(whenEmpty === undefined ? {} : { whenEmpty })} />
  );
}

/** All conventions at once, of a front end that has a name. */
function Presets() {
  const { draft, change } = useModelForm();
  const names = Object.keys(frontEndPresets) as PresetName[];
  // At the model's own rate: a preset is of 16 kHz, its conventions are what is taken.
  const conventionsOf = (name: PresetName) => {
    const { sampleRate: _, ...conventions } = frontEndPresets[name];
    return conventions;
  };
  const current = names.find((name) =>
    Object.entries(conventionsOf(name)).every(([field, value]) =>
      isSame(shownAt(draft, `frontEnd.${field}`), value),
    ),
  );
  return (
    <Select
      label="As in"
      isLabelHidden
      placeholder="Conventions of…"
      options={names.map((id) => ({ id, title: presetTitles[id] }))}
      value={current ?? null}
      onChange={(name) => change(withValue(draft, 'frontEnd', conventionsOf(name)))}
    />
  );
}
