// The line below the map: the clip under the cursor in words, spoken after it has rested, and how many clips are shown.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { calls } from '../../lib/client.ts';
import { probability } from '../../lib/format.ts';
import { useSelection } from '../../lib/state/selection.ts';

const REST_MS = 350;

function useRested<T>(value: T): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), REST_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}

export function StatusLine({ words }: { readonly words: string }) {
  const cursor = useSelection((state) => state.cursor);
  const rested = useRested(cursor);
  const { data } = useQuery({
    ...calls.clips.get.queryOptions({ input: { id: rested ?? 1 } }),
    enabled: rested !== null,
    gcTime: 10_000,
  });
  const row = rested !== null && data?.row.id === rested ? data.row : null;
  return (
    <div className="map-status">
      <p className="ellipsis" role="status">
        {row && (
          <>
            <bdi>{row.path}</bdi> <span className="secondary">label</span> <bdi>{row.label ?? 'none'}</bdi>
            {row.predicted !== null && (
              <>
                {' '}
                <span className="secondary">predicted</span>{' '}
                <bdi className={row.predicted === row.label ? undefined : 'wrong'}>{row.predicted}</bdi>{' '}
                <span className="secondary">{probability(row.confidence)}</span>
              </>
            )}
          </>
        )}
      </p>
      <p className="secondary map-status-count">{words}</p>
    </div>
  );
}
