// Says when the engine, a helper process or the connection is down, and that what was saved is safe.
import { useEffect, useState } from 'react';
import { useConnection } from '../lib/events.ts';
import { Icon } from '../ui/index.ts';

/** A restart shorter than this is not worth a line that comes and goes. */
const PATIENCE_MS = 700;

export function ConnectionBanner() {
  const { stream, engine, worker, analysis } = useConnection();
  const words =
    stream === 'down' || engine.state === 'down'
      ? engine.message ||
        'The engine does not answer and is being restarted. Decisions shown as saved are on disk.'
      : worker.state === 'down'
        ? worker.message || 'The worker process stopped and is being restarted. Running jobs can be resumed.'
        : analysis.state === 'down'
          ? analysis.message
          : null;
  const isDown = words !== null;
  const [isShown, setIsShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsShown(isDown), isDown ? PATIENCE_MS : 0);
    return () => clearTimeout(timer);
  }, [isDown]);
  return (
    <div role="status">
      {isShown && words && (
        <div className="banner">
          <Icon name="warning" />
          {words}
        </div>
      )}
    </div>
  );
}
