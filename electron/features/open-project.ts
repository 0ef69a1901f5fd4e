// The project that is open: its catalog, the working set in memory, and what keeps the two in step. Features read
// from here; after a change of the catalog they say which kind it was, and every view hears of the new revision.
import { existsSync, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Problem } from '../../shared/contract/common.ts';
import type { ProjectInfo } from '../../shared/contract/project.ts';
import { EarmarkError, toErrorData } from '../../shared/errors.ts';
import {
  type ClipRecord,
  revision as catalogRevision,
  closeCatalog,
  columnNames,
  columnValues,
  dataVersion,
  eventCount,
  type FlagRecord,
  flagCounts,
  flagsOfClips,
  folderWarnings,
  getSetting,
  listDatasets,
  listRuns,
  projectId,
  projectName,
  readClips,
  readClipsByIds,
  readFlags,
  readPredictions,
  type WritableCatalog,
} from '../catalog/index.ts';
import { parseNpy } from '../formats/index.ts';
import { type ProbabilityMatrix, type RunInput, WorkingSet } from './working-set/index.ts';

/** Labels on the digits 1-9 when the person has not chosen any: the most frequent ones. */
const FAVOURITES = 9;

function textSetting(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

export class OpenProject {
  readonly catalog: WritableCatalog;
  #set: WorkingSet;
  #flags: FlagRecord[] | null = null;
  #dataVersion: number;
  readonly #listeners = new Set<() => void>();
  readonly #warnings: Problem[];

  private constructor(catalog: WritableCatalog) {
    this.catalog = catalog;
    this.#warnings = [...folderWarnings(catalog.file)];
    this.#dataVersion = dataVersion(catalog);
    this.#set = this.#build(readClips(catalog));
  }

  static load(catalog: WritableCatalog): OpenProject {
    try {
      return new OpenProject(catalog);
    } catch (error) {
      closeCatalog(catalog);
      throw error;
    }
  }

  /** What tells it from other projects, also from one of the same name. */
  get id(): string {
    return projectId(this.catalog);
  }

  get name(): string {
    return projectName(this.catalog);
  }

  get set(): WorkingSet {
    return this.#set;
  }

  get revision(): number {
    return this.#set.revision;
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  close(): void {
    this.#listeners.clear();
    closeCatalog(this.catalog);
  }

  warn(code: string, message: string): void {
    this.#warnings.push({ code, message, count: 1 });
  }

  // What changed. Each brings the working set up to date and tells the views.

  decided(clipIds: readonly number[]): void {
    const flagsByClip = new Map<number, FlagRecord[]>(clipIds.map((id) => [id, []]));
    for (const flag of flagsOfClips(this.catalog, clipIds))
      if (flag.clipId !== null) flagsByClip.get(flag.clipId)?.push(flag);
    for (const clip of readClipsByIds(this.catalog, clipIds)) this.#set.applyClip(clip);
    for (const [id, flags] of flagsByClip) this.#set.applyFlags(id, flags);
    this.#flags = null;
    this.#changed();
  }

  flagsChanged(): void {
    this.#flags = null;
    this.#set.setFlags(this.flags());
    this.#changed();
  }

  runsChanged(): void {
    const wanted = new Map(listRuns(this.catalog).map((run) => [run.name, run]));
    for (const name of this.#set.runs.keys()) if (!wanted.has(name)) this.#set.removeRun(name);
    for (const name of wanted.keys()) {
      const input = this.#runInputs().find((run) => run.name === name);
      if (!this.#set.runs.has(name) && input) this.#set.setRun(input);
    }
    this.#set.runInUse = this.runInUse();
    this.#changed();
  }

  /** Embeddings, neighbours or maps: the working set holds none of them, but views show them. */
  embeddingsChanged(): void {
    this.#changed();
  }

  preferencesChanged(): void {
    this.#set.runInUse = this.runInUse();
    this.#changed();
  }

  /** `clips`: all of them, where the caller has just read them. */
  clipsChanged(clips: Iterable<ClipRecord> = readClips(this.catalog)): void {
    this.#flags = null;
    this.#set = this.#build(clips);
    this.#changed();
  }

  /** Reads everything again when another process wrote to the project. */
  noticeOtherWriters(): boolean {
    const version = dataVersion(this.catalog);
    if (version === this.#dataVersion) return false;
    this.#dataVersion = version;
    // What no view shows (job bookkeeping) leaves the revision as it is.
    if (catalogRevision(this.catalog) === this.#set.revision) return false;
    this.clipsChanged();
    return true;
  }

  // Questions that features ask.

  by(): string {
    const saved = textSetting(getSetting(this.catalog, 'by'));
    if (saved !== null) return saved;
    try {
      return userInfo().username || 'me';
    } catch {
      return 'me';
    }
  }

  runInUse(): string | null {
    const wanted = textSetting(getSetting(this.catalog, 'runInUse'));
    const runs = listRuns(this.catalog);
    return runs.find(({ name }) => name === wanted)?.name ?? runs[0]?.name ?? null;
  }

  flags(): readonly FlagRecord[] {
    this.#flags ??= [...readFlags(this.catalog)];
    return this.#flags;
  }

  /** Labels of clips, most frequent first. */
  labelCounts(): { label: string; count: number }[] {
    return countCodes(this.#set.codes.label, this.#set.size).map(({ value, count }) => ({
      label: value,
      count,
    }));
  }

  labels(): string[] {
    const names = this.labelCounts().map(({ label }) => label);
    return names.sort(new Intl.Collator('en', { numeric: true }).compare);
  }

  clipPaths(): readonly string[] {
    return this.#set.path.texts;
  }

  clipIdAt(row: number): number {
    const id = this.#set.ids[row];
    if (id === undefined) throw new Error(`row ${row} is outside the working set`);
    return id;
  }

  rowOf(clipId: number): number {
    return this.#set.rowOf(clipId);
  }

  /** The id of the clip with this path; null when there is none. */
  findClip(path: string): number | null {
    const row = this.clipPaths().indexOf(path);
    return row < 0 ? null : this.clipIdAt(row);
  }

  clipIdOfPath(path: string): number {
    const id = this.findClip(path);
    if (id === null) throw new EarmarkError('clip/unknown', `There is no clip "${path}" in this project.`);
    return id;
  }

  labelOf(clipId: number): string | null {
    return this.#set.labelAt(this.rowOf(clipId));
  }

  isNoise(row: number): boolean {
    const { codes, dictionary } = this.#set.codes.kind;
    return dictionary.valueOf(codes[row] ?? -1) === 'noise';
  }

  isNoiseClip(clipId: number): boolean {
    return this.isNoise(this.rowOf(clipId));
  }

  isPresent(clipId: number): boolean {
    return this.#set.present.values[this.rowOf(clipId)] === 1;
  }

  reviewOf(clipId: number): string | null {
    const { codes, dictionary } = this.#set.codes.review;
    return dictionary.valueOf(codes[this.rowOf(clipId)] ?? -1);
  }

  isReviewed(clipId: number): boolean {
    const review = this.reviewOf(clipId);
    return review !== null && review !== 'skipped';
  }

  fileBytes(clipIds: readonly number[]): number {
    const { values } = this.#set.numbers.fileBytes;
    return clipIds.reduce((sum, id) => sum + (values[this.rowOf(id)] ?? 0), 0);
  }

  hasHypotheses(run: string): boolean {
    return this.#set.run(run)?.hypothesis.codes.some((code) => code >= 0) ?? false;
  }

  probabilities(run: string): ProbabilityMatrix | null {
    return this.#set.run(run)?.probabilities() ?? null;
  }

  /** Present clips with a label and a row of probabilities of the run. */
  labelledPredictions(run: string): { id: number; path: string; label: string; row: number }[] {
    const columns = this.#set.run(run);
    const found: { id: number; path: string; label: string; row: number }[] = [];
    if (!columns) return found;
    for (let at = 0; at < this.#set.size; at++) {
      const row = columns.probabilityRows[at] ?? -1;
      const label = this.#set.labelAt(at);
      if (row < 0 || label === null || this.#set.present.values[at] !== 1) continue;
      found.push({ id: this.clipIdAt(at), path: this.clipPaths()[at] ?? '', label, row });
    }
    return found;
  }

  /** Present clips of a dataset, by name: how many, how long, how many labels and speakers. */
  datasetSummary(name: string): { clips: number; labels: number; speakers: number; hours: number } {
    const { codes, numbers, present, size } = this.#set;
    const wanted = codes.dataset.dictionary.codeOf(name);
    const labels = new Set<number>();
    const speakers = new Set<number>();
    let clips = 0;
    let seconds = 0;
    for (let row = 0; row < size; row++) {
      if (codes.dataset.codes[row] !== wanted || present.values[row] !== 1) continue;
      clips += 1;
      seconds += numbers.durationSec.values[row] ?? 0;
      labels.add(codes.label.codes[row] ?? -1);
      speakers.add(codes.speaker.codes[row] ?? -1);
    }
    labels.delete(-1);
    speakers.delete(-1);
    return { clips, labels: labels.size, speakers: speakers.size, hours: seconds / 3600 };
  }

  /** Which clips of a dataset would be found below another folder; `changed` = there with another size. */
  async countFiles(
    datasetId: number,
    root: string,
  ): Promise<{ found: number; missing: number; changed: number }> {
    const counts = { found: 0, missing: 0, changed: 0 };
    for (const clip of readClips(this.catalog)) {
      if (clip.datasetId !== datasetId) continue;
      const info = await stat(join(root, clip.path)).catch(() => null);
      if (!info?.isFile()) counts.missing += 1;
      else {
        counts.found += 1;
        if (info.size !== clip.fileBytes) counts.changed += 1;
      }
    }
    return counts;
  }

  favouriteLabels(): string[] {
    const saved = getSetting(this.catalog, 'favouriteLabels');
    if (Array.isArray(saved) && saved.length > 0)
      return saved.filter((label) => typeof label === 'string').slice(0, FAVOURITES);
    return this.labelCounts()
      .slice(0, FAVOURITES)
      .map(({ label }) => label)
      .sort(new Intl.Collator('en', { numeric: true }).compare);
  }

  info(): ProjectInfo {
    const { size } = this.#set;
    const durations = this.#set.numbers.durationSec.values;
    let seconds = 0;
    let noiseClips = 0;
    for (let row = 0; row < size; row++) {
      if (this.isNoise(row)) noiseClips += 1;
      seconds += durations[row] ?? 0;
    }
    const datasetCounts = new Map(
      countCodes(this.#set.codes.dataset, size).map(({ value, count }) => [value, count]),
    );
    return {
      id: this.id,
      name: this.name,
      revision: this.revision,
      isReadOnly: this.catalog.isReadOnly,
      datasets: listDatasets(this.catalog).map(({ name, format, root }) => ({
        name,
        format,
        clips: datasetCounts.get(name) ?? 0,
        isRootPresent: existsSync(root),
      })),
      clips: size,
      noiseClips,
      labels: this.labelCounts(),
      columns: [...this.#set.columnNames],
      splits: countCodes(this.#set.codes.split, size).map(({ value, count }) => ({ split: value, count })),
      speakers: countCodes(this.#set.codes.speaker, size).length,
      hours: seconds / 3600,
      runs: listRuns(this.catalog).map((run) => ({
        name: run.name,
        rows: run.matched,
        labels: [...run.labels],
        hasProbabilities: run.probabilitiesFile !== null,
      })),
      runInUse: this.runInUse(),
      flags: flagCounts(this.catalog),
      decisions: eventCount(this.catalog),
      by: this.by(),
      favouriteLabels: this.favouriteLabels(),
      warnings: [...this.#warnings],
    };
  }

  /**
   * Raises the revision to the catalog's and tells the views. Where another process has committed too, what was brought
   * up to date here is not all: everything is read again, or its change would be taken for one that is shown already.
   */
  #changed(): void {
    const revision = catalogRevision(this.catalog);
    const version = dataVersion(this.catalog);
    if (version === this.#dataVersion) this.#set.revision = revision;
    else {
      this.#dataVersion = version;
      this.#flags = null;
      this.#set = this.#build(readClips(this.catalog));
    }
    for (const listener of this.#listeners) listener();
  }

  #runInputs(): RunInput[] {
    return listRuns(this.catalog).map((run) => ({
      name: run.name,
      labels: run.labels,
      hasProbabilities: run.probabilitiesFile !== null,
      predictions: readPredictions(this.catalog, run.id),
    }));
  }

  #build(clips: Iterable<ClipRecord>): WorkingSet {
    return new WorkingSet({
      revision: catalogRevision(this.catalog),
      datasets: listDatasets(this.catalog),
      clips,
      flags: this.flags(),
      runs: this.#runInputs(),
      runInUse: this.runInUse(),
      columnNames: columnNames(this.catalog),
      loadColumn: (name) => columnValues(this.catalog, name),
      loadProbabilities: (run) => this.#readProbabilities(run),
    });
  }

  /** Null, with a warning shown in the project, when the array beside the project is missing or damaged. */
  #readProbabilities(name: string): ProbabilityMatrix | null {
    const run = listRuns(this.catalog).find((candidate) => candidate.name === name);
    if (!run || run.probabilitiesFile === null) return null;
    try {
      const array = parseNpy(readFileSync(join(this.catalog.dataFolder, run.probabilitiesFile)), 'The array');
      if (!(array.data instanceof Float32Array) || array.shape[1] !== run.labels.length) {
        throw new EarmarkError('run/damaged', 'its shape is not that of the run');
      }
      return { data: array.data, labels: run.labels };
    } catch (error) {
      this.warn(
        'run/probabilities',
        `The probabilities of ${name} cannot be read (${toErrorData(error).message}). Import that run again.`,
      );
      return null;
    }
  }
}

/** How often each value occurs, most frequent first. */
function countCodes(column: WorkingSet['codes']['label'], rows: number): { value: string; count: number }[] {
  const counts = new Int32Array(column.dictionary.size);
  for (let row = 0; row < rows; row++) {
    const code = column.codes[row] ?? -1;
    if (code >= 0) counts[code] = (counts[code] ?? 0) + 1;
  }
  const found: { value: string; count: number }[] = [];
  counts.forEach((count, code) => {
    const value = column.dictionary.valueOf(code);
    if (count > 0 && value !== null) found.push({ value, count });
  });
  return found.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}
