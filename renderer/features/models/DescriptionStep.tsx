// The description: a form or its JSON, what was guessed to be checked, what does not hold yet, and saving it.
import { useState } from 'react';
import { counted } from '../../lib/format.ts';
import { Button, ErrorNotice, SegmentedControl, TextField } from '../../ui/index.ts';
import { FrontEndSection } from './form/FrontEndSection.tsx';
import { ModelFormProvider } from './form/form.ts';
import { OutputsSection } from './form/OutputsSection.tsx';
import { SoundSection } from './form/SoundSection.tsx';
import { StagesSection } from './form/StagesSection.tsx';
import type { Model } from './use-model.ts';

const JSON_ROWS = 18;

export function DescriptionStep(props: { readonly model: Model; readonly onSaved: () => void }) {
  const { model } = props;
  const { form, main, typed, isSaved } = model;
  const [wish, setWish] = useState<'form' | 'json'>('form');
  // Text that is no JSON has no form; it stays in sight until it is corrected.
  const shown = typed === null ? wish : 'json';
  const failed = model.failureOf('add');
  return (
    <div className="models-step models-description">
      <div className="models-line">
        <SegmentedControl
          label="The description as"
          options={[
            { id: 'form', title: 'Form' },
            { id: 'json', title: 'JSON' },
          ]}
          value={shown}
          onChange={setWish}
        />
        <span className="secondary">
          {isSaved ? 'Saved in' : main.isDescribed ? 'Read from' : 'Goes into'}{' '}
          <bdi className="mono">{main.descriptionFile}</bdi>, beside the model.
        </span>
      </div>
      <div className="models-scroll">
        {main.guesses.length > 0 && !isSaved && (
          <section className="models-guesses" aria-label="Guesses to check">
            <h3>Guessed from names and shapes: check these</h3>
            <ul>
              {main.guesses.map((guess) => (
                <li key={guess}>{guess}</li>
              ))}
            </ul>
          </section>
        )}
        {shown === 'json' ? (
          <JsonText model={model} />
        ) : (
          <ModelFormProvider value={form}>
            <SoundSection />
            <FrontEndSection />
            <StagesSection />
            <OutputsSection />
          </ModelFormProvider>
        )}
        {failed && <ErrorNotice error={failed} />}
      </div>
      <Saving model={model} onSaved={props.onSaved} />
    </div>
  );
}

function JsonText({ model }: { readonly model: Model }) {
  const [text, setText] = useState(() => model.typed ?? JSON.stringify(model.form.draft, null, 2));
  return (
    <div className="models-json">
      <TextField
        label="The description as JSON"
        isLabelHidden
        rows={JSON_ROWS}
        value={text}
        onChange={(next) => {
          setText(next);
          model.typeJson(next);
        }}
        error={model.typed === null ? null : 'This is not a JSON object yet: { "format": … }'}
      />
    </div>
  );
}

/** What does not hold, or the button that saves; a file that is there is replaced only after a second press. */
function Saving({ model, onSaved }: { readonly model: Model; readonly onSaved: () => void }) {
  const { main, form, complete, isSaved, typed } = model;
  const [isAsking, setIsAsking] = useState(false);
  const failure = model.failureOf('save');
  const save = async (isReplacing: boolean) => {
    setIsAsking(false);
    if (await model.save(isReplacing)) onSaved();
  };
  const isPossible =
    model.isModel && complete !== null && typed === null && !isSaved && model.running === null;
  const [firstProblem] = form.problems;
  return (
    <div className="models-saving">
      <div className="models-saving-words" role="status">
        {failure ? (
          <ErrorNotice error={failure} />
        ) : isAsking ? (
          <span>
            <bdi className="mono">{main.descriptionFile}</bdi> is there already. Replace it?
          </span>
        ) : firstProblem && typed === null ? (
          <span className="warn">
            {form.problems.length > 1 && `${counted(form.problems.length, 'thing')} to correct. `}
            {firstProblem.sentence}
          </span>
        ) : (
          <span className="secondary">{isSaved ? 'Everything is saved.' : 'Not saved yet.'}</span>
        )}
      </div>
      {isAsking && (
        <>
          <Button onPress={() => setIsAsking(false)}>Leave it as it is</Button>
          <Button tone="danger" autoFocus onPress={() => void save(true)}>
            Replace it
          </Button>
        </>
      )}
      {!isAsking && (
        <Button
          tone="primary"
          isDisabled={!isPossible}
          onPress={() => (main.isDescribed ? setIsAsking(true) : void save(false))}
        >
          {model.running === 'save' ? 'Saving' : 'Save the description'}
        </Button>
      )}
    </div>
  );
}
