// One model on its way to a run: what is in its files, whether they are trusted, its description, and the last trial.
// Holds the state of the dialog; the steps show it.
import { useMemo, useState } from 'react';
import type { Place } from '../../../shared/contract/common.ts';
import type { InspectedModel } from '../../../shared/contract/models.ts';
import type { DryRunReport } from '../../../shared/domain/model-report.ts';
import type { ErrorData } from '../../../shared/errors.ts';
import { client, errorDataOf } from '../../lib/client.ts';
import { host } from '../../lib/host.ts';
import {
  asSaved,
  checkDraft,
  type Draft,
  isSame,
  stageFiles,
  valueAt,
  withOneRate,
  withStage,
} from './draft.ts';
import type { KnownFile, ModelForm } from './form/form.ts';
import { outputLayouts } from './layouts.ts';

/** A file of the model; the first is the one that was chosen. */
export interface ModelFile {
  readonly place: Place;
  readonly inspected: InspectedModel;
}

interface Trial {
  /** The description that was tried. */
  readonly of: Draft;
  readonly report: DryRunReport | null;
  readonly error: ErrorData | null;
}

type Task = 'trust' | 'add' | 'save' | 'try';

export function useModel(place: Place, first: InspectedModel) {
  const [files, setFiles] = useState<readonly ModelFile[]>([{ place, inspected: first }]);
  const [draft, setDraft] = useState<Draft>(first.suggestion);
  /** JSON as typed while it is not a description, so that nothing typed is lost. */
  const [typed, setTyped] = useState<string | null>(null);
  const [trial, setTrial] = useState<Trial | null>(null);
  const [running, setRunning] = useState<Task | null>(null);
  const [failure, setFailure] = useState<{ readonly task: Task; readonly error: ErrorData } | null>(null);
  const { problems, complete } = useMemo(() => checkDraft(draft), [draft]);

  const main = files[0]?.inspected ?? first;
  const names = stageFiles(draft);
  const used = files.filter(({ inspected }, at) => at === 0 || names.includes(inspected.file));
  const isTrusted = used.every(({ inspected }) => inspected.isTrusted);
  const isSaved =
    main.isDescribed && main.problems.length === 0 && typed === null && isSame(draft, main.suggestion);
  // A JSON file that is neither a model nor the description of one that is there.
  const isModel = main.file !== main.descriptionFile || main.inputs.length > 0;
  const known = new Map(used.map(({ inspected }) => [inspected.file, inspected]));

  const last = known.get(names.at(-1) ?? '') ?? (names.length === 1 ? main : null);
  const lastFile = last && { ...last, outputs: resultsOf(draft, last) };

  const replace = (of: Place, inspected: InspectedModel) =>
    setFiles((before) =>
      before.map((file) => (file.place.handle === of.handle ? { ...file, inspected } : file)),
    );

  /** One task at a time; a failure is kept beside what it is about. Resolves to whether it went well. */
  const attempt = async (task: Task, work: () => Promise<void>): Promise<boolean> => {
    setRunning(task);
    setFailure(null);
    try {
      await work();
      return true;
    } catch (thrown) {
      setFailure({ task, error: errorDataOf(thrown) });
      return false;
    } finally {
      setRunning(null);
    }
  };

  const addStage = () =>
    void attempt('add', async () => {
      const chosen = await host.chooseFile(['file']);
      if (!chosen) return;
      const inspected = await client.models.inspect({ place: chosen });
      setFiles((before) => [
        ...before.filter((file) => file.place.handle !== chosen.handle),
        { place: chosen, inspected },
      ]);
      setDraft((before) => withStage(before, inspected.suggestion, ...joint(lastFile, inspected)));
    });

  const form: ModelForm = {
    draft,
    problems,
    change: (next) => setDraft(withOneRate(draft, next)),
    files: known,
    lastFile,
    addStage,
    isAdding: running === 'add',
  };

  return {
    main,
    used,
    isTrusted,
    form,
    complete,
    isModel,
    isSaved,
    /** Something was typed that would be lost. */
    isDirty: typed !== null || !isSame(draft, main.suggestion),
    typed,
    running,
    failureOf: (task: Task): ErrorData | null => (failure?.task === task ? failure.error : null),
    trial,
    /** The last trial is of another description than the one that stands there now. */
    isTrialStale: trial !== null && !isSame(trial.of, draft),

    /** The description as JSON; text that is none is kept until it is. */
    typeJson(text: string) {
      try {
        const value: unknown = JSON.parse(text);
        if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('no object');
        setDraft(value as Draft);
        setTyped(null);
      } catch {
        setTyped(text);
      }
    },
    trust: (file: ModelFile) =>
      attempt('trust', async () => replace(file.place, await client.models.trust({ place: file.place }))),
    save: (isReplacing: boolean) =>
      attempt('save', async () => {
        if (complete === null) return;
        const description = asSaved(draft, complete);
        const inspected = await client.models.describe({ place, description, isReplacing });
        replace(place, inspected);
        setDraft(inspected.suggestion);
      }),
    tryOut: () =>
      attempt('try', async () => {
        try {
          const report = await client.models.tryOut({ place, description: isSaved ? null : draft });
          setTrial({ of: draft, report, error: null });
        } catch (thrown) {
          const error = errorDataOf(thrown);
          setTrial({ of: draft, report: null, error });
          // The file may be another one by now than the one that was looked at.
          if (error.code === 'model/untrusted') replace(place, await client.models.inspect({ place }));
        }
      }),
  };
}

/** Outputs of the last file but for those that carry a state. */
function resultsOf(draft: Draft, { outputs }: KnownFile): KnownFile['outputs'] {
  const states = valueAt(draft, `stages.${stageFiles(draft).length - 1}.states`);
  const carried = Array.isArray(states) ? states.map((state: unknown) => valueAt(state, 'output')) : [];
  return outputs.filter(({ name }) => !carried.includes(name));
}

/** How a file is joined to the one before it: the axes between them, and the frames it takes where they are fixed. */
function joint(before: KnownFile | null, added: InspectedModel): [readonly string[], number | null] {
  const rank = before?.outputs.length === 1 ? (before.outputs[0]?.shape?.length ?? null) : null;
  const between = outputLayouts(rank)[0]?.axes ?? ['batch', 'time', 'feature'];
  const layout = valueAt(added.suggestion, 'stages.0.input.layout');
  const frames = Array.isArray(layout) ? added.inputs[0]?.shape?.[layout.indexOf('time')] : null;
  return [between, typeof frames === 'number' ? frames : null];
}

export type Model = ReturnType<typeof useModel>;

/** Whether the last trial is of this description and found nothing wrong. */
export function isTriedWell({ trial, isTrialStale }: Model): boolean {
  return trial?.report?.problems.length === 0 && !isTrialStale;
}

/** Whether the last trial is of this description and says that a run would be spoiled. */
export function isTriedBadly({ trial, isTrialStale }: Model): boolean {
  return trial !== null && !isTrialStale && (trial.report?.problems.length ?? 1) > 0;
}
