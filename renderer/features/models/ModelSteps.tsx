// The four steps from a model file to a run, side by side with their state, and the button that starts.
import { useEffect, useRef, useState } from 'react';
import { Button as AriaButton, Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import type { Place } from '../../../shared/contract/common.ts';
import type { InspectedModel } from '../../../shared/contract/models.ts';
import type { ProjectInfo } from '../../../shared/contract/project.ts';
import { client } from '../../lib/client.ts';
import { counted } from '../../lib/format.ts';
import { Button, Dialog, type Tone } from '../../ui/index.ts';
import { DescriptionStep } from './DescriptionStep.tsx';
import { FileStep } from './FileStep.tsx';
import { RunStep, useWanted } from './RunStep.tsx';
import { TryStep } from './TryStep.tsx';
import { isTriedBadly, isTriedWell, type Model, useModel } from './use-model.ts';

const steps = ['file', 'description', 'try', 'run'] as const;
type Step = (typeof steps)[number];

const titles: Readonly<Record<Step, string>> = {
  file: 'The file',
  description: 'Description',
  try: 'Three clips',
  run: 'Run',
};

interface StepState {
  readonly words: string;
  readonly tone: Tone | 'secondary';
}

function stateOf(step: Step, model: Model, canStart: boolean): StepState {
  switch (step) {
    case 'file':
      if (!model.isModel) return { words: 'no model', tone: 'wrong' };
      return model.isTrusted
        ? { words: 'trusted', tone: 'right' }
        : { words: 'not trusted yet', tone: 'warn' };
    case 'description': {
      const wrong = model.form.problems.length;
      if (model.typed !== null) return { words: 'not JSON', tone: 'warn' };
      if (wrong > 0) return { words: `${counted(wrong, 'thing')} to correct`, tone: 'warn' };
      if (model.isSaved) return { words: 'saved', tone: 'right' };
      return { words: 'not saved yet', tone: 'warn' };
    }
    case 'try':
      if (model.running === 'try') return { words: 'running', tone: 'secondary' };
      if (isTriedWell(model)) return { words: 'nothing to object to', tone: 'right' };
      if (isTriedBadly(model)) return { words: 'something is wrong', tone: 'wrong' };
      return { words: model.trial === null ? 'not tried' : 'changed since', tone: 'secondary' };
    case 'run':
      return canStart
        ? { words: 'ready', tone: 'right' }
        : { words: 'waits for the rest', tone: 'secondary' };
  }
}

/** What has to be done before a run, and where; null when nothing stands in its way. */
function nextOf(model: Model): { readonly step: Step; readonly words: string } | null {
  if (!model.isModel) return { step: 'file', words: 'Choose a model, or a description beside one' };
  if (!model.isTrusted) return { step: 'file', words: 'Say whether you trust the file' };
  if (!model.isSaved) return { step: 'description', words: 'Check and save the description' };
  if (isTriedBadly(model)) return { step: 'try', words: 'See what is wrong with three clips' };
  return null;
}

export function ModelSteps(props: {
  readonly project: ProjectInfo;
  readonly place: Place;
  readonly inspected: InspectedModel;
  readonly onOther: () => void;
  readonly onStarted: (what: { readonly run: string | null; readonly embedding: string | null }) => void;
  readonly onClose: () => void;
}) {
  const { project, place, inspected, onClose } = props;
  const model = useModel(place, inspected);
  const wanted = useWanted(model, project);
  const [step, setStep] = useState<Step>(() => nextOf(model)?.step ?? 'try');
  const [isStarting, setIsStarting] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const [isWarned, setIsWarned] = useState(false);
  const next = nextOf(model);
  const canStart = next === null && wanted.isPossible && !isStarting && model.running === null;
  const list = useRef<HTMLDivElement>(null);
  const goOn = useRef(false);
  // The button that led on is gone: the focus waits on the step's own tab.
  useEffect(() => {
    if (!goOn.current) return;
    goOn.current = false;
    list.current?.querySelector<HTMLElement>(`[data-key="${step}"]`)?.focus();
  }, [step]);
  const goTo = (to: Step) => {
    goOn.current = true;
    setStep(to);
  };
  const isAtRisk = isWarned && model.isDirty;
  /** A long form is not lost to a stray Escape: the first one says so, the second one closes. */
  const close = () => {
    if (!model.isDirty || isWarned) onClose();
    else setIsWarned(true);
  };
  const start = async () => {
    if (!canStart) return;
    setIsStarting(true);
    setFailure(null);
    const run = wanted.run.isWanted ? wanted.run.text.trim() : null;
    const embedding = wanted.embedding.isWanted ? wanted.embedding.text.trim() : null;
    try {
      await client.models.run({ place, run, embedding });
      if (wanted.isUsed) props.onStarted({ run, embedding });
      onClose();
    } catch (thrown) {
      setFailure(thrown);
      setStep('run');
      setIsStarting(false);
    }
  };
  return (
    <Dialog
      title={`Run ${inspected.file}`}
      size="large"
      isOpen
      onClose={close}
      footnote={
        isAtRisk ? (
          <span className="warn" role="status">
            The description is not saved. Close again to drop what you changed.
          </span>
        ) : next === null ? (
          isTriedWell(model) ? (
            'Ready.'
          ) : (
            'Ready, but not tried on three clips yet.'
          )
        ) : (
          <>
            Next:{' '}
            <AriaButton className="door" onPress={() => goTo(next.step)}>
              {next.words}
            </AriaButton>
          </>
        )
      }
      actions={
        <>
          <Button onPress={props.onOther}>Another file…</Button>
          <Button tone="primary" isDisabled={!canStart} onPress={() => void start()}>
            {isStarting ? 'Starting' : 'Start the run'}
          </Button>
        </>
      }
    >
      <Tabs
        className="models"
        orientation="vertical"
        selectedKey={step}
        onSelectionChange={(key) => setStep(steps.find((known) => known === key) ?? 'file')}
      >
        <TabList ref={list} className="models-tabs" aria-label="Steps">
          {steps.map((id) => {
            const { words, tone } = stateOf(id, model, canStart);
            return (
              <Tab key={id} id={id} className="models-tab">
                <span>{titles[id]}</span>
                <span className={`small ${tone}`}>{words}</span>
              </Tab>
            );
          })}
        </TabList>
        <TabPanel id="file" className="models-panel">
          <FileStep model={model} onTrusted={() => goTo(model.isSaved ? 'try' : 'description')} />
        </TabPanel>
        <TabPanel id="description" className="models-panel">
          <DescriptionStep model={model} onSaved={() => goTo(model.isTrusted ? 'try' : 'file')} />
        </TabPanel>
        <TabPanel id="try" className="models-panel">
          <TryStep model={model} />
        </TabPanel>
        <TabPanel id="run" className="models-panel">
          <RunStep
            model={model}
            wanted={wanted}
            project={project}
            failure={failure}
            onSubmit={() => void start()}
          />
        </TabPanel>
      </Tabs>
    </Dialog>
  );
}
