// The focus never falls into nothing: when what had it goes away (a dialog after a dialog, a chip that was removed),
// it returns to the list, map or review that last had it, so that the keys go on working.

const LIST = '[data-keys=list]';

/** Puts the focus on the view's list, if it has one. */
export function focusList(): void {
  document.querySelector<HTMLElement>(`main ${LIST}`)?.focus({ preventScroll: true });
}

/** Watches the focus. Returns the function that stops it. */
export function keepFocus(): () => void {
  let last: HTMLElement | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const onFocusIn = (event: FocusEvent) => {
    clearTimeout(timer);
    const list = event.target instanceof Element ? event.target.closest<HTMLElement>(LIST) : null;
    if (list) last = list;
  };
  const onFocusOut = (event: FocusEvent) => {
    if (event.relatedTarget !== null) return;
    clearTimeout(timer);
    // Dialogs give the focus back a frame or two after they close.
    timer = setTimeout(() => {
      const isNowhere = document.activeElement === null || document.activeElement === document.body;
      if (!isNowhere || !document.hasFocus() || document.querySelector('[role=dialog]')) return;
      if (last?.isConnected) last.focus({ preventScroll: true });
      else focusList();
    }, 60);
  };
  document.addEventListener('focusin', onFocusIn);
  document.addEventListener('focusout', onFocusOut);
  return () => {
    clearTimeout(timer);
    document.removeEventListener('focusin', onFocusIn);
    document.removeEventListener('focusout', onFocusOut);
  };
}
