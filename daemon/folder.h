#ifndef AYNI_DAEMON_FOLDER_H
#define AYNI_DAEMON_FOLDER_H

#include <stdbool.h>

/* What is asked of folders as a whole. On failure errno says why. */

/* The folder and those above it, for this user alone. */
bool folder_make(const char *path);
/* The same, and where it is new others may pass through it, to the control socket, and see nothing
 * of what is in it. */
bool folder_make_home(const char *path);
bool folder_is_empty(const char *path); /* also one that isn't there */
/* Names that were made or changed in it are on the disk. */
bool folder_sync(const char *path);

/* Copy a small file whole, onto the disk; the new one for this user alone. A first that isn't there
 * is no failure. */
bool folder_copy_file(const char *from, const char *to);

#endif
