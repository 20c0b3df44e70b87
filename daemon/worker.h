#ifndef AYNI_DAEMON_WORKER_H
#define AYNI_DAEMON_WORKER_H

/*
 * One-shot workers, which `ayni` runs where no daemon is needed: `aynid
 * --worker NAME ARGUMENTS...` writes the frames of the control protocol to
 * standard output: items and one end. docs/protocol.md, section 8.4.
 *
 *   init     --home DIR --name NAME [--steering --federation NAME]
 *   restore  --home DIR --from DIR [--alone]
 *
 * Returns the exit code of the process.
 */
int worker_run(const char *name, int argc, char **argv);

#endif
