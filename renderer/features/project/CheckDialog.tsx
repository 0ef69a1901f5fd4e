// Is the project sound: what the engine's check found, in words.
import { useQuery } from '@tanstack/react-query';
import { calls, errorDataOf } from '../../lib/client.ts';
import { count, counted } from '../../lib/format.ts';
import { Button, Dialog, ErrorNotice, Icon, Spinner } from '../../ui/index.ts';

export function CheckDialog({ onClose }: { readonly onClose: () => void }) {
  const check = useQuery({ ...calls.project.check.queryOptions(), gcTime: 0, staleTime: 0 });
  const data = check.data;
  return (
    <Dialog
      title="Check the project"
      isOpen
      onClose={onClose}
      footnote="A check reads only; nothing is changed."
      actions={
        <Button isDisabled={check.isFetching} onPress={() => void check.refetch()}>
          Check again
        </Button>
      }
    >
      <div className="check">
        {check.isPending && <Spinner label="Checking" />}
        {check.error && <ErrorNotice error={errorDataOf(check.error)} onRetry={() => void check.refetch()} />}
        {data && (
          <>
            <p className={`check-verdict ${data.ok ? 'right' : 'wrong'}`}>
              <Icon name={data.ok ? 'check' : 'error'} />
              {data.ok ? 'The project is sound' : 'The project has problems'}
            </p>
            <dl className="check-facts">
              <dt>File structure</dt>
              <dd>{data.integrity === 'ok' ? 'whole' : <span className="wrong">{data.integrity}</span>}</dd>
              <dt>References between tables</dt>
              <dd>
                {data.foreignKeys === 0 ? (
                  'all lead somewhere'
                ) : (
                  <span className="wrong">{counted(data.foreignKeys, 'broken one')}</span>
                )}
              </dd>
              <dt>Decisions in the log</dt>
              <dd>{count(data.events)}</dd>
              <dt>Recordings not found</dt>
              <dd>
                {data.missingFiles === 0 ? 'none' : <span className="warn">{count(data.missingFiles)}</span>}
              </dd>
            </dl>
            {data.problems.length > 0 && (
              <ul className="check-problems">
                {data.problems.map((problem) => (
                  <li key={problem.code}>
                    <span>
                      {problem.message}{' '}
                      {problem.count > 1 && <span className="secondary">×{count(problem.count)}</span>}
                    </span>
                    {problem.examples && problem.examples.length > 0 && (
                      <span className="secondary small" dir="auto">
                        {problem.examples.slice(0, 5).join(', ')}
                      </span>
                    )}
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
      </div>
    </Dialog>
  );
}
