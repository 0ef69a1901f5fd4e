// A process for tests of the host that cannot start.
process.exit(1);
