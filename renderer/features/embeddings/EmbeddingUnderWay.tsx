// What a view that needs an embedding says while one is being made.
import type { ReactNode } from 'react';
import type { Job } from '../../../shared/domain/job.ts';
import { EmptyState, ProgressBar } from '../../ui/index.ts';

export function EmbeddingUnderWay(props: {
  readonly job: Job;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  const { job, actions, children } = props;
  return (
    <EmptyState icon="map" title="An embedding is being made" actions={actions}>
      {children}
      <ProgressBar label={job.title} done={job.done} total={job.total} />
    </EmptyState>
  );
}
