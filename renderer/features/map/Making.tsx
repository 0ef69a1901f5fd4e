// A map under way: how far it is, and the two ways to end it.
import type { Job } from '../../../shared/domain/job.ts';
import { client } from '../../lib/client.ts';
import { count, eta } from '../../lib/format.ts';
import { Button, ProgressBar } from '../../ui/index.ts';
import { attempt } from './making.ts';

function stepsInWords({ state, phase, done, total, etaSec }: Job): string {
  if (state === 'queued') return 'waiting for its turn';
  const steps = total === null || total === 0 ? '' : `${count(done)} of ${count(total)}`;
  return [phase, steps, eta(etaSec)].filter((part) => part !== '').join('   ');
}

export function Making({ job, hasPicture }: { readonly job: Job; readonly hasPicture: boolean }) {
  return (
    <div className="map-making">
      <div className="map-making-words">
        <p className="ellipsis" role="status">
          {job.title} <span className="secondary">{stepsInWords(job)}</span>
        </p>
        <ProgressBar label={job.title} done={job.done} total={job.total} />
      </div>
      {job.canFinish && (
        <Button
          isSmall
          icon="check"
          isDisabled={!hasPicture}
          onPress={() => void attempt(() => client.jobs.finish({ id: job.id }))}
        >
          Stop here, keep the picture
        </Button>
      )}
      <Button isSmall onPress={() => void attempt(() => client.jobs.cancel({ id: job.id }))}>
        Cancel
      </Button>
    </div>
  );
}
