// The command that runs a model, its dialog, and the door that opens once a run is done. Mounted once, by the frame.
import { useEffect, useState } from 'react';
import { client, errorDataOf } from '../../lib/client.ts';
import { useCommands } from '../../lib/commands.ts';
import { noteRevision, onJobEnded } from '../../lib/events.ts';
import { useProject } from '../../lib/project.ts';
import { notify, notifyError } from '../../lib/state/notices.ts';
import { goTo } from '../../lib/state/route.ts';
import { ModelDialog } from './ModelDialog.tsx';
import { closeModel, openModel, useModelFlow } from './model-flow.ts';

interface Made {
  readonly run: string | null;
  readonly embedding: string | null;
}

/** What a job has made. Events come without results, which may be long. */
async function madeBy(jobId: string): Promise<Made> {
  const { result } = await client.jobs.get({ id: jobId });
  const { run, embedding } = (typeof result === 'object' && result !== null ? result : {}) as Partial<Made>;
  return {
    run: typeof run === 'string' ? run : null,
    embedding: typeof embedding === 'string' ? embedding : null,
  };
}

async function use({ run, embedding }: Made): Promise<boolean> {
  try {
    if (embedding !== null) await client.embeddings.use({ name: embedding });
    if (run !== null) noteRevision((await client.project.setPreferences({ runInUse: run })).revision);
    return true;
  } catch (error) {
    notifyError(errorDataOf(error));
    return false;
  }
}

/** A door to what a job has made. What it leads to shows what was made, whatever was in use before. */
function doorTo(made: Made) {
  return {
    title: made.run === null ? 'Open the map' : 'Open the confusions',
    run: async () => {
      const shown = made.run === null ? made : { run: made.run, embedding: null };
      if (await use(shown)) goTo(made.run === null ? 'map' : 'confusions');
    },
  };
}

/** What shall be in use once its job is done; a job that was resumed is another one, hence by name. */
function useDoorsWhenDone() {
  const [wanted] = useState(() => new Set<string>());
  useEffect(
    () =>
      onJobEnded(async (job) => {
        if (job.kind !== 'model-run' || job.state !== 'succeeded') return;
        try {
          const made = await madeBy(job.id);
          const { title, run } = doorTo(made);
          notify({
            kind: 'done',
            lead: 'done',
            text: job.summary ?? job.title,
            action: { title, run: () => void run() },
          });
          if (wanted.delete(JSON.stringify(made))) await use(made);
        } catch (error) {
          notifyError(errorDataOf(error));
        }
      }),
    [wanted],
  );
  return ({ run, embedding }: Made) => wanted.add(JSON.stringify({ run, embedding }));
}

export function ModelsHost() {
  const project = useProject();
  const { isOpen, place } = useModelFlow();
  const useWhenDone = useDoorsWhenDone();
  useCommands([
    {
      id: 'models.run',
      title: 'Run a model…',
      group: 'Model runs',
      when: () => project !== null && !project.isReadOnly && project.clips > 0,
      run: () => openModel(null),
    },
  ]);
  if (!project || !isOpen) return null;
  return <ModelDialog project={project} place={place} onStarted={useWhenDone} onClose={closeModel} />;
}
