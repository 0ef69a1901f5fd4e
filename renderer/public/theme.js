// Runs before the first paint so that a theme chosen by hand does not flash the other one.
try {
  const theme = JSON.parse(localStorage.getItem('earmark.theme') ?? '"system"');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be closed to us; the system's theme applies.
}
