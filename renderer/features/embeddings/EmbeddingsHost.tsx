// The commands of embeddings and the dialogs they open. Mounted once, by the frame.
import { useEffect, useState } from 'react';
import { client, errorDataOf } from '../../lib/client.ts';
import { useCommands } from '../../lib/commands.ts';
import { noteRevision, onJobEnded } from '../../lib/events.ts';
import { useProject } from '../../lib/project.ts';
import { notifyError } from '../../lib/state/notices.ts';
import { EmbeddingsDialog } from './EmbeddingsDialog.tsx';
import { MakeDialog } from './MakeDialog.tsx';
import { ProbabilitiesDialog } from './ProbabilitiesDialog.tsx';

/** Runs that every view shall show once their job is done, by job. */
function useRunsToUse() {
  const [wanted] = useState(() => new Map<string, string>());
  useEffect(
    () =>
      onJobEnded(async (job) => {
        const run = wanted.get(job.id);
        wanted.delete(job.id);
        if (run === undefined || job.state !== 'succeeded') return;
        try {
          noteRevision((await client.project.setPreferences({ runInUse: run })).revision);
        } catch (error) {
          notifyError(errorDataOf(error));
        }
      }),
    [wanted],
  );
  return (jobId: string, run: string) => wanted.set(jobId, run);
}

export function EmbeddingsHost() {
  const project = useProject();
  const [open, setOpen] = useState<'list' | 'make' | 'probabilities' | null>(null);
  const useWhenDone = useRunsToUse();
  const group = 'Embeddings';
  const canMake = () => project !== null && !project.isReadOnly && project.clips > 0;
  useCommands([
    {
      id: 'embeddings.list',
      title: 'Embeddings of this project…',
      group,
      when: () => project !== null,
      run: () => setOpen('list'),
    },
    { id: 'embeddings.make', title: 'Make an embedding…', group, when: canMake, run: () => setOpen('make') },
    {
      id: 'embeddings.probabilities',
      title: 'Make out-of-sample probabilities…',
      group,
      when: canMake,
      run: () => setOpen('probabilities'),
    },
  ]);
  if (!project || open === null) return null;
  const close = () => setOpen(null);
  switch (open) {
    case 'list':
      return <EmbeddingsDialog project={project} onOpen={setOpen} onClose={close} />;
    case 'make':
      return <MakeDialog onClose={close} />;
    case 'probabilities':
      return (
        <ProbabilitiesDialog
          project={project}
          onMake={() => setOpen('make')}
          onStarted={useWhenDone}
          onClose={close}
        />
      );
  }
}
