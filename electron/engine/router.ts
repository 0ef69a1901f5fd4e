// The contract, implemented: each call is one line that hands its input to a feature.
import { implement, ORPCError } from '@orpc/server';
import { contract } from '../../shared/contract/index.ts';
import { CANCELLED, toErrorData } from '../../shared/errors.ts';
import { batches, checkCatalog, history, undoState } from '../catalog/index.ts';
import { clipDetail } from '../features/clip-detail.ts';
import {
  checkFilter,
  clipFacets,
  clipHistogram,
  clipPage,
  clipPosition,
  completeFilter,
  describeSelection,
} from '../features/clips.ts';
import type { Studio } from '../features/context.ts';
import { applyDecision, applyDecisions, previewDecision, redo, undo } from '../features/decisions.ts';
import { builtinEmbeddings } from '../features/embeddings/builtin.ts';
import { startFewShot } from '../features/embeddings/few-shot.ts';
import { classGeometryOf } from '../features/embeddings/geometry.ts';
import {
  embeddingSummaries,
  removeEmbeddingOf,
  renameEmbeddingOf,
  useEmbedding,
} from '../features/embeddings/list.ts';
import { startEmbedding, startUpdateEmbedding } from '../features/embeddings/make.ts';
import { mapLegendOf, mapSummaries, removeMapOf, startMap } from '../features/embeddings/maps.ts';
import { growSelection, neighboursOf } from '../features/embeddings/neighbours.ts';
import { startProbabilities } from '../features/embeddings/probabilities.ts';
import { type ExportInput, exportFolder, previewExport, startExport } from '../features/exports.ts';
import {
  flagSettingsOf,
  flagsPage,
  flagsSummary,
  previewFlagSettings,
  startFindFlags,
} from '../features/flags.ts';
import {
  detectDataset,
  previewImport,
  relinkDataset,
  startImport,
  startUpdate,
} from '../features/imports.ts';
import { metricsOf } from '../features/metrics.ts';
import { describeModelAt, inspectModelAt, trustModelAt, tryModelAt } from '../features/models/models.ts';
import { startModelRun } from '../features/models/run.ts';
import {
  closeProject,
  createProject,
  forgetRecent,
  openProjectFile,
  openSample,
  recentProjects,
  setPreferences,
} from '../features/projects.ts';
import { resumeJob } from '../features/resume.ts';
import { reviewQueue } from '../features/review.ts';
import {
  previewPredictions,
  removeRunOf,
  renameRunOf,
  runSummaries,
  startImportPredictions,
} from '../features/runs.ts';
import { hidePaths } from './hide-paths.ts';

function statusOf(code: string): number {
  if (code === 'internal') return 500;
  if (code === CANCELLED) return 499;
  if (code.endsWith('/unknown') || code.endsWith('/missing') || code.endsWith('/none')) return 404;
  if (code.endsWith('/exists') || code.endsWith('/locked') || code.endsWith('/read-only')) return 409;
  return 400;
}

/** Any thrown value as the error that travels to the renderer: code, sentence, details. */
export function toRpcError(error: unknown): ORPCError<string, unknown> {
  if (error instanceof ORPCError) return error;
  const data = toErrorData(error);
  if (data.code === 'internal') console.error(error);
  return new ORPCError(data.code, {
    message: data.message,
    status: statusOf(data.code),
    data: data.details ?? null,
    cause: error,
  });
}

/** The error without the folders of what it names. */
function withHiddenPaths(studio: Studio, error: ORPCError<string, unknown>): ORPCError<string, unknown> {
  const { code, status, message, data } = error;
  return new ORPCError(code, { status, cause: error, ...hidePaths(studio, { message, data }) });
}

export function createRouter(studio: Studio) {
  const os = implement(contract).use(async ({ next }) => {
    try {
      return await next();
    } catch (error) {
      throw withHiddenPaths(studio, toRpcError(error));
    }
  });
  const open = () => studio.project();
  const pathOf = (place: { handle: string }): string => studio.places.pathOf(place.handle);
  const predictionsSource = (input: {
    place: { handle: string };
    labels?: { handle: string } | undefined;
    clips?: { handle: string } | undefined;
    softmax?: boolean | undefined;
  }) => ({
    source: pathOf(input.place),
    labelsFile: input.labels ? pathOf(input.labels) : null,
    clipsFile: input.clips ? pathOf(input.clips) : null,
    softmax: input.softmax ?? false,
  });
  const exportInput = (
    input: Omit<ExportInput, 'out'> & { place: { handle: string }; name: string },
  ): ExportInput => {
    const { place, name, ...rest } = input;
    return { ...rest, out: exportFolder(studio, place.handle, name) };
  };
  const by = (): string => open().by();

  return os.router({
    project: {
      state: os.project.state.handler(() => ({
        engine: { version: studio.version, pid: process.pid },
        project: studio.projectOrNull()?.info() ?? null,
      })),
      recent: os.project.recent.handler(() => recentProjects(studio)),
      forgetRecent: os.project.forgetRecent.handler(({ input }) => forgetRecent(studio, input.handle)),
      open: os.project.open.handler(async ({ input }) =>
        (await openProjectFile(studio, pathOf(input.place))).info(),
      ),
      create: os.project.create.handler(async ({ input }) =>
        (
          await createProject(studio, {
            name: input.name,
            dataset: input.dataset ? pathOf(input.dataset) : undefined,
          })
        ).info(),
      ),
      openSample: os.project.openSample.handler(() => openSample(studio)),
      close: os.project.close.handler(async () => ({ closed: await closeProject(studio) })),
      setPreferences: os.project.setPreferences.handler(({ input }) => setPreferences(open(), input)),
      check: os.project.check.handler(() => checkCatalog(open().catalog, { repair: false })),
    },
    places: {
      roots: os.places.roots.handler(() => studio.places.roots()),
      list: os.places.list.handler(({ input }) => studio.places.list(input.handle)),
      makeFolder: os.places.makeFolder.handler(({ input }) =>
        studio.places.makeFolder(input.handle, input.name),
      ),
    },
    imports: {
      detect: os.imports.detect.handler(({ input }) => detectDataset(studio, pathOf(input.place))),
      preview: os.imports.preview.handler(({ input }) =>
        previewImport(studio, { source: pathOf(input.place), format: input.format, options: input.options }),
      ),
      start: os.imports.start.handler(({ input }) => ({
        jobId: startImport(studio, {
          source: pathOf(input.place),
          format: input.format,
          options: input.options,
          name: input.name,
        }).id,
      })),
      update: os.imports.update.handler(({ input }) => ({ jobId: startUpdate(studio, input.dataset).id })),
      relink: os.imports.relink.handler(({ input }) =>
        relinkDataset(studio, input.dataset, pathOf(input.place)),
      ),
    },
    clips: {
      page: os.clips.page.handler(({ input }) => ({
        ...clipPage(open().set, input),
        revision: open().revision,
      })),
      get: os.clips.get.handler(({ input }) => clipDetail(open(), input.id)),
      facets: os.clips.facets.handler(({ input }) => clipFacets(open().set, input)),
      histogram: os.clips.histogram.handler(({ input }) => clipHistogram(open().set, input)),
      position: os.clips.position.handler(({ input }) => clipPosition(open().set, input)),
      describe: os.clips.describe.handler(({ input }) => describeSelection(open().set, input)),
    },
    filter: {
      check: os.filter.check.handler(({ input }) => checkFilter(open().set, input)),
      complete: os.filter.complete.handler(({ input }) => completeFilter(open().set, input)),
    },
    runs: {
      list: os.runs.list.handler(() => runSummaries(open())),
      preview: os.runs.preview.handler(({ input }) => previewPredictions(studio, predictionsSource(input))),
      start: os.runs.start.handler(({ input }) => ({
        jobId: startImportPredictions(studio, { ...predictionsSource(input), run: input.run }).id,
      })),
      rename: os.runs.rename.handler(({ input }) => renameRunOf(open(), input.run, input.to)),
      remove: os.runs.remove.handler(({ input }) => removeRunOf(open(), input.run)),
    },
    metrics: {
      get: os.metrics.get.handler(({ input }) => metricsOf(open(), input)),
    },
    embeddings: {
      list: os.embeddings.list.handler(() => embeddingSummaries(open())),
      builtin: os.embeddings.builtin.handler(() => builtinEmbeddings(studio)),
      make: os.embeddings.make.handler(({ input }) => ({
        jobId: startEmbedding(studio, {
          name: input.name,
          model: { kind: 'builtin', name: input.model },
          source: { kind: 'builtin', name: input.model },
        }).id,
      })),
      update: os.embeddings.update.handler(({ input }) => ({
        jobId: startUpdateEmbedding(studio, input.name).id,
      })),
      use: os.embeddings.use.handler(({ input }) => useEmbedding(open(), input.name)),
      rename: os.embeddings.rename.handler(({ input }) => renameEmbeddingOf(open(), input.name, input.to)),
      remove: os.embeddings.remove.handler(({ input }) => removeEmbeddingOf(open(), input.name)),
      neighbours: os.embeddings.neighbours.handler(({ input }) => neighboursOf(open(), input)),
      grow: os.embeddings.grow.handler(({ input }) => growSelection(open(), input)),
      geometry: os.embeddings.geometry.handler(({ input }) => classGeometryOf(studio, input)),
      probabilities: os.embeddings.probabilities.handler(({ input }) => ({
        jobId: startProbabilities(studio, input).id,
      })),
    },
    maps: {
      list: os.maps.list.handler(() => mapSummaries(open())),
      start: os.maps.start.handler(({ input }) => ({ jobId: startMap(studio, input).id })),
      remove: os.maps.remove.handler(({ input }) => removeMapOf(open(), input.id)),
      legend: os.maps.legend.handler(({ input }) => mapLegendOf(open(), input.map, input.by)),
    },
    models: {
      inspect: os.models.inspect.handler(({ input }) => inspectModelAt(studio, pathOf(input.place))),
      trust: os.models.trust.handler(({ input }) => trustModelAt(studio, pathOf(input.place))),
      tryOut: os.models.tryOut.handler(({ input }) =>
        tryModelAt(studio, pathOf(input.place), input.description),
      ),
      describe: os.models.describe.handler(({ input }) =>
        describeModelAt(studio, pathOf(input.place), input.description, input.isReplacing),
      ),
      run: os.models.run.handler(async ({ input }) => ({
        jobId: (
          await startModelRun(studio, {
            path: pathOf(input.place),
            run: input.run,
            embedding: input.embedding,
          })
        ).id,
      })),
    },
    fewShot: {
      train: os.fewShot.train.handler(({ input }) => ({ jobId: startFewShot(studio, input).id })),
    },
    flags: {
      summary: os.flags.summary.handler(() => flagsSummary(open())),
      page: os.flags.page.handler(({ input }) => flagsPage(open(), input)),
      settings: os.flags.settings.handler(() => flagSettingsOf(open())),
      preview: os.flags.preview.handler(({ input }) => previewFlagSettings(open(), input)),
      find: os.flags.find.handler(({ input }) => ({ jobId: startFindFlags(studio, input).id })),
    },
    decisions: {
      apply: os.decisions.apply.handler(({ input }) => applyDecision(open(), input, by())),
      applyMany: os.decisions.applyMany.handler(({ input }) => applyDecisions(open(), input, by())),
      preview: os.decisions.preview.handler(({ input }) => previewDecision(open(), input)),
      undo: os.decisions.undo.handler(({ input }) => undo(open(), by(), input.batch)),
      redo: os.decisions.redo.handler(() => redo(open(), by())),
      state: os.decisions.state.handler(() => undoState(open().catalog)),
      history: os.decisions.history.handler(({ input }) => history(open().catalog, input)),
      batches: os.decisions.batches.handler(({ input }) => batches(open().catalog, input)),
    },
    review: {
      queue: os.review.queue.handler(({ input }) => reviewQueue(open(), input)),
    },
    exports: {
      preview: os.exports.preview.handler(({ input }) => previewExport(open(), exportInput(input))),
      start: os.exports.start.handler(({ input }) => ({ jobId: startExport(studio, exportInput(input)).id })),
    },
    jobs: {
      list: os.jobs.list.handler(() => hidePaths(studio, studio.jobs.list())),
      get: os.jobs.get.handler(({ input }) => hidePaths(studio, studio.jobs.get(input.id))),
      cancel: os.jobs.cancel.handler(({ input }) => hidePaths(studio, studio.jobs.cancel(input.id))),
      finish: os.jobs.finish.handler(({ input }) => hidePaths(studio, studio.jobs.finish(input.id))),
      resume: os.jobs.resume.handler(({ input }) => ({ jobId: resumeJob(studio, input.id).id })),
      dismiss: os.jobs.dismiss.handler(({ input }) => ({ dismissed: studio.jobs.dismiss(input.id) })),
      failures: os.jobs.failures.handler(({ input }) => {
        const all = studio.jobs.failures(input.id);
        return {
          total: all.length,
          failures: hidePaths(studio, all.slice(input.offset, input.offset + input.limit)),
        };
      }),
    },
  });
}
