// A person's own models: look at one, describe it, trust it, try it on three clips, run it over the dataset.
import { z } from 'zod';
import { dryRunReport, modelInspection } from '../domain/model-report.ts';
import { jobStarted, oc, place } from './common.ts';

/** What the window may know of a model: no paths. */
export const inspectedModel = modelInspection.omit({ file: true, descriptionPath: true }).extend({
  /** Names of the files, without their folder. */
  file: z.string(),
  descriptionFile: z.string(),
  /** The person has said that these very files may be loaded. */
  isTrusted: z.boolean(),
});
export type InspectedModel = z.infer<typeof inspectedModel>;

export const modelDraft = z.record(z.string(), z.unknown());

export const modelsContract = {
  /** Reads the files only: nothing of the model is run. */
  inspect: oc.input(z.object({ place })).output(inspectedModel),
  /** The files as they are now may be loaded from here on. */
  trust: oc.input(z.object({ place })).output(inspectedModel),
  /** Runs three clips. `description` null = the one beside the model. Refused with `model/untrusted` before `trust`. */
  tryOut: oc.input(z.object({ place, description: modelDraft.nullable() })).output(dryRunReport),
  /** Writes the description beside the model. One that is there is replaced only when `isReplacing`. */
  describe: oc
    .input(z.object({ place, description: modelDraft, isReplacing: z.boolean() }))
    .output(inspectedModel),
  /** Scores become a run, the embedding an embedding; at least one of the two. */
  run: oc
    .input(
      z.object({
        place,
        run: z.string().min(1).max(120).nullable(),
        embedding: z.string().min(1).max(120).nullable(),
      }),
    )
    .output(jobStarted),
};
