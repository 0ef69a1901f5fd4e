// The notice region: one polite line for what was done, errors until they are closed.
import { closeNotice, useNotices } from '../lib/state/notices.ts';
import { Button, ErrorNotice, IconButton } from '../ui/index.ts';

export function Notices() {
  const notices = useNotices((state) => state.notices);
  return (
    <div className="notices" role="status" aria-live="polite">
      {notices.map((notice) => (
        <div key={notice.id} className="notice">
          {notice.error ? (
            <ErrorNotice error={notice.error} />
          ) : (
            <span>
              {notice.lead && <span className="notice-lead">{notice.lead}</span>}
              {notice.lead && '\u2002'}
              <bdi>{notice.text}</bdi>
            </span>
          )}
          {notice.action && (
            <Button
              isSmall
              tone="quiet"
              {...(notice.action.keys ? { keys: notice.action.keys } : {})}
              onPress={() => {
                notice.action?.run();
                closeNotice(notice.id);
              }}
            >
              {notice.action.title}
            </Button>
          )}
          <IconButton icon="close" title="Close" onPress={() => closeNotice(notice.id)} />
        </div>
      ))}
    </div>
  );
}
