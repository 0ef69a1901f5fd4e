// The `earmark` command. Checks its own Node first, so that an old one is told in words.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write(
    `Earmark needs Node 22.12 or newer; this is ${process.versions.node}. Run it through npm (npm run -s earmark -- ...), which brings its own.\n`,
  );
  process.exit(2);
}
// A reader that has seen enough (`| head`) closes the pipe: no failure, and not the exit code of findings.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
const { runCommandLine } = await import('./program.ts');
// Exit codes are set, not forced: everything that was printed gets out first.
process.exitCode = await runCommandLine(process.argv.slice(2));
