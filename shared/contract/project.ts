// Opening projects, places a person may choose, and the state of what is open.
import { z } from 'zod';
import { oc, place, problem } from './common.ts';

export const projectInfo = z.object({
  /** Tells projects of the same name apart. */
  id: z.string(),
  name: z.string(),
  /** Goes up with every change that any view could show. */
  revision: z.number().int(),
  isReadOnly: z.boolean(),
  datasets: z.array(
    z.object({ name: z.string(), format: z.string(), clips: z.number().int(), isRootPresent: z.boolean() }),
  ),
  clips: z.number().int(),
  noiseClips: z.number().int(),
  labels: z.array(z.object({ label: z.string(), count: z.number().int() })),
  /** Columns that imported tables have beside the fields: `column("name")` in filters. */
  columns: z.array(z.string()),
  splits: z.array(z.object({ split: z.string(), count: z.number().int() })),
  speakers: z.number().int(),
  hours: z.number(),
  runs: z.array(
    z.object({
      name: z.string(),
      rows: z.number().int(),
      labels: z.array(z.string()),
      hasProbabilities: z.boolean(),
    }),
  ),
  /** The run whose predictions the clip table, flags and confusions use. */
  runInUse: z.string().nullable(),
  /** By kind: how many open, accepted, fixed, dismissed. */
  flags: z.record(
    z.string(),
    z.object({
      open: z.number().int(),
      accepted: z.number().int(),
      fixed: z.number().int(),
      dismissed: z.number().int(),
    }),
  ),
  decisions: z.number().int(),
  /** Who decides here; shown in the history. */
  by: z.string(),
  /** Digits 1-9 of the review. */
  favouriteLabels: z.array(z.string()),
  /** For example: the project lies in a cloud-synced folder. */
  warnings: z.array(problem),
});
export type ProjectInfo = z.infer<typeof projectInfo>;

export const projectState = z.object({
  engine: z.object({ version: z.string(), pid: z.number().int() }),
  project: projectInfo.nullable(),
});

export const projectContract = {
  state: oc.output(projectState),
  recent: oc.output(
    z.array(
      z.object({
        place,
        folder: z.string(),
        clips: z.number().int(),
        openedAt: z.string(),
        isPresent: z.boolean(),
      }),
    ),
  ),
  forgetRecent: oc.input(z.object({ handle: z.string() })).output(z.object({ remaining: z.number().int() })),
  open: oc.input(z.object({ place })).output(projectInfo),
  /** A new project file for a dataset; beside the dataset, or in the user's data folder when that is read-only. */
  create: oc
    .input(z.object({ name: z.string().min(1).max(120), dataset: place.optional() }))
    .output(projectInfo),
  /** Opens the sample; makes its project on first use (a job imports it, brings predictions, finds flags). */
  openSample: oc.output(z.object({ project: projectInfo, jobId: z.string().nullable() })),
  close: oc.output(z.object({ closed: z.boolean() })),
  setPreferences: oc
    .input(
      z.object({
        by: z.string().min(1).max(80).optional(),
        favouriteLabels: z.array(z.string()).max(9).optional(),
        runInUse: z.string().nullable().optional(),
      }),
    )
    .output(projectInfo),
  check: oc.output(
    z.object({
      ok: z.boolean(),
      integrity: z.string(),
      foreignKeys: z.number().int(),
      events: z.number().int(),
      missingFiles: z.number().int(),
      problems: z.array(problem),
    }),
  ),
};

/** The folder picker of the browser; the desktop uses its native dialogs. */
export const placesContract = {
  roots: oc.output(z.array(place)),
  list: oc.input(z.object({ handle: z.string() })).output(
    z.object({
      place,
      parent: place.nullable(),
      /** For people: `Home / data / fsdd`. */
      trail: z.array(place),
      entries: z.array(
        z.object({
          place,
          kind: z.enum(['folder', 'project', 'table', 'audio', 'array', 'file']),
          bytes: z.number().nullable(),
        }),
      ),
      truncated: z.boolean(),
    }),
  ),
  makeFolder: oc.input(z.object({ handle: z.string(), name: z.string().min(1).max(200) })).output(place),
};
