// Flags: find them again, count them by threshold, page through them.
//   flagsSummary, flagsPage, flagSettingsOf, previewFlagSettings
//   findFlags   the work of the `flags` job; also run after every import
import type {
  FlagKind,
  FlagRow,
  FlagSettings,
  FlagStatus,
  LabelIssueMethod,
} from '../../shared/domain/flag.ts';
import { defaultFlagSettings, flagKinds, flagSettings, labelIssueMethods } from '../../shared/domain/flag.ts';
import { EarmarkError } from '../../shared/errors.ts';
import {
  type ClipRecord,
  type FlagInput,
  type FlagRecord,
  flagCounts,
  getSetting,
  listRuns,
  readClips,
  readFlags,
  replaceFlags,
  setSetting,
} from '../catalog/index.ts';
import { matchingRows } from './clips.ts';
import type { JobControl, Studio } from './context.ts';
import { embeddingInUse } from './embeddings/arrays.ts';
import { centreOpinion } from './embeddings/centres.ts';
import { countDoubts, doubtFlags, doubtsOf, nearDuplicateFlags } from './embeddings/doubts.ts';
import {
  audioFlagKinds,
  audioFlags,
  duplicateFlags,
  labelIssueFlags,
  rankTogether,
  soundProblems,
} from './find-flags.ts';
import type { OpenProject } from './open-project.ts';

const SETTINGS_KEY = 'flagSettings';
const METHOD_KEY = 'labelIssueMethod';
const RUN_KEY = 'labelIssueRun';

export function savedFlagSettings(project: OpenProject): FlagSettings {
  const saved = flagSettings.safeParse(getSetting(project.catalog, SETTINGS_KEY) ?? {});
  return saved.success ? saved.data : defaultFlagSettings;
}

export function savedMethod(project: OpenProject): LabelIssueMethod {
  const saved = getSetting(project.catalog, METHOD_KEY);
  return labelIssueMethods.find((method) => method === saved) ?? 'prune_by_noise_rate';
}

/** Settings in force, and whether decisions or runs since the last search make the flags out of date. */
export function flagSettingsOf(project: OpenProject) {
  const run = getSetting(project.catalog, RUN_KEY);
  const inUse = project.runInUse();
  return {
    settings: savedFlagSettings(project),
    method: savedMethod(project),
    run: typeof run === 'string' ? run : null,
    isStale: inUse !== null && run !== inUse && project.probabilities(inUse) !== null,
  };
}

export function flagsSummary(project: OpenProject) {
  const counts = flagCounts(project.catalog);
  return flagKinds.map((kind) => ({
    kind,
    ...(counts[kind] ?? { open: 0, accepted: 0, fixed: 0, dismissed: 0 }),
  }));
}

export function toFlagRow(project: OpenProject, flag: FlagRecord): FlagRow {
  return {
    ...flag,
    evidence: { ...flag.evidence },
    label: flag.clipId === null ? null : project.labelOf(flag.clipId),
  };
}

/** All flags of the wanted kinds and status on clips that the filter matches, worst first. */
export function selectFlags(
  project: OpenProject,
  wanted: { kinds: readonly FlagKind[]; status: FlagStatus | null; filter: string },
): FlagRecord[] {
  const kinds = new Set<FlagKind>(wanted.kinds.length > 0 ? wanted.kinds : flagKinds);
  const isEverything = wanted.filter.trim() === '';
  const matches = isEverything ? null : matchingRows(project.set, wanted.filter);
  const found: FlagRecord[] = [];
  for (const flag of project.flags()) {
    if (!kinds.has(flag.kind) || (wanted.status !== null && flag.status !== wanted.status)) continue;
    if (matches !== null && (flag.clipId === null || !matches.has(project.rowOf(flag.clipId)))) continue;
    found.push(flag);
  }
  const isAboutLabels = kinds.has('label-issue') && kinds.has('neighbour-issue') && kinds.size === 2;
  const rank = ({ evidence }: FlagRecord): number =>
    isAboutLabels && typeof evidence.combinedRank === 'number' ? evidence.combinedRank : 0;
  return found.sort((a, b) => rank(a) - rank(b) || a.score - b.score || a.id - b.id);
}

export function flagsPage(
  project: OpenProject,
  input: {
    kinds: readonly FlagKind[];
    status: FlagStatus | null;
    filter: string;
    offset: number;
    limit: number;
  },
) {
  const found = selectFlags(project, input);
  return {
    total: found.length,
    rows: found.slice(input.offset, input.offset + input.limit).map((flag) => toFlagRow(project, flag)),
  };
}

/** How many clips each audio flag would name with these settings; answered from memory, for a slider. */
export function previewFlagSettings(project: OpenProject, settings: FlagSettings): Record<string, number> {
  const { set } = project;
  const { numbers } = set;
  const level = (value: number | undefined): number | null =>
    value === undefined || !Number.isFinite(value) ? null : value;
  const counts: Record<string, number> = Object.fromEntries(audioFlagKinds.map((kind) => [kind, 0]));
  for (let row = 0; row < set.size; row++) {
    if (set.present.values[row] !== 1) continue;
    const sound = {
      isNoise: project.isNoise(row),
      durationSec: numbers.durationSec.values[row] ?? 0,
      peakDbfs: level(numbers.peakDbfs.values[row]),
      rmsDbfs: level(numbers.rmsDbfs.values[row]),
      clippedSamples: numbers.clippedSamples.values[row] ?? 0,
      startEdgeDb: level(numbers.startEdgeDb.values[row]),
      endEdgeDb: level(numbers.endEdgeDb.values[row]),
    };
    for (const kind of soundProblems(sound, settings)) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  const embedding = embeddingInUse(project);
  const doubts = embedding && doubtsOf(project, embedding.name, settings.isOtherSpeakersOnly);
  return doubts ? { ...counts, ...countDoubts(project, doubts, settings) } : counts;
}

export interface FindFlagsInput {
  readonly settings?: FlagSettings | undefined;
  /** Undefined: the run in use. Null: no label issues. */
  readonly run?: string | null | undefined;
  readonly method?: LabelIssueMethod | undefined;
  /** Undefined: the embedding in use. Null: nothing that needs one. */
  readonly embedding?: string | null | undefined;
}

/**
 * Finds sound problems, duplicates; with a run that has probabilities likely wrong labels; with an embedding what its
 * neighbours say. Settings are kept.
 */
export async function findFlags(
  studio: Studio,
  project: OpenProject,
  input: FindFlagsInput,
  control: JobControl,
  allClips: Iterable<ClipRecord> = readClips(project.catalog),
): Promise<{ found: number; leftOut: number; note: string | null }> {
  const settings = input.settings ?? savedFlagSettings(project);
  const method = input.method ?? savedMethod(project);
  const flags: FlagInput[] = [];
  control.phase('sound problems and duplicates');
  const clips = [...allClips].filter((clip) => clip.isPresent);
  for (const clip of clips) flags.push(...audioFlags(clip, settings));
  flags.push(...duplicateFlags(clips));
  control.signal.throwIfAborted();

  const kinds: FlagKind[] = [...audioFlagKinds, 'duplicate', 'duplicate-conflict'];
  const runName = input.run === undefined ? project.runInUse() : input.run;
  let leftOut = 0;
  let note: string | null = null;
  if (runName !== null) {
    control.phase('likely wrong labels');
    const run = listRuns(project.catalog).find(({ name }) => name === runName);
    if (!run) throw new EarmarkError('run/unknown', `There is no run "${runName}".`);
    const probabilities = project.probabilities(run.name);
    if (probabilities === null) {
      note = `${run.name} has no probabilities, so likely wrong labels cannot be found with it.`;
    } else {
      kinds.push('label-issue');
      const labelled = project.labelledPredictions(run.name);
      const issues = labelIssueFlags(
        { run: run.name, labels: probabilities.labels, probabilities: probabilities.data, clips: labelled },
        method,
      );
      leftOut = issues.leftOut;
      flags.push(...issues.flags);
    }
  }
  const embedding = input.embedding === undefined ? embeddingInUse(project)?.name : input.embedding;
  const doubts = embedding ? doubtsOf(project, embedding, settings.isOtherSpeakersOnly) : null;
  if (doubts !== null) {
    control.phase('neighbours');
    kinds.push('neighbour-issue', 'outlier', 'near-duplicate');
    flags.push(...doubtFlags(project, doubts, settings));
    flags.push(...(await nearDuplicateFlags(studio, project, doubts, control)));
    rankTogether(flags, await centreOpinion(studio, project, doubts, control.signal));
  }
  control.phase('saving');
  setSetting(project.catalog, SETTINGS_KEY, settings);
  setSetting(project.catalog, METHOD_KEY, method);
  if (runName !== null) setSetting(project.catalog, RUN_KEY, runName);
  replaceFlags(project.catalog, kinds, flags);
  project.flagsChanged();
  return { found: flags.length, leftOut, note };
}

/** Takes the label issues of a run away with the run: what they say can no longer be looked at. */
export function forgetLabelIssuesOf(project: OpenProject, run: string): void {
  if (getSetting(project.catalog, RUN_KEY) !== run) return;
  setSetting(project.catalog, RUN_KEY, null);
  replaceFlags(project.catalog, ['label-issue'], []);
  project.flagsChanged();
}

/** Lets the label issues that were found with a run speak of it under its new name. */
export function renameLabelIssuesOf(project: OpenProject, run: string, to: string): void {
  if (getSetting(project.catalog, RUN_KEY) !== run) return;
  setSetting(project.catalog, RUN_KEY, to);
  const issues = [...readFlags(project.catalog)].filter(({ kind }) => kind === 'label-issue');
  const renamed = issues.map((flag) => ({
    ...flag,
    reason: flag.reason.startsWith(`${run} `) ? to + flag.reason.slice(run.length) : flag.reason,
    evidence: { ...flag.evidence, run: to },
  }));
  replaceFlags(project.catalog, ['label-issue'], renamed);
}

export function startFindFlags(studio: Studio, input: FindFlagsInput) {
  const project = studio.project();
  return studio.jobs.start({
    kind: 'flags',
    title: 'Find flags',
    params: input,
    async run(control) {
      const outcome = await findFlags(studio, project, input, control);
      const summary = [
        `${outcome.found} flags found.`,
        outcome.leftOut > 0
          ? `${outcome.leftOut} clips have a label or probabilities that the run cannot judge.`
          : null,
        outcome.note,
      ]
        .filter((part) => part !== null)
        .join(' ');
      return { result: outcome, summary };
    },
  });
}
